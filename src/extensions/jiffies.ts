/** Ticks of the kernel's clock in a second: CONFIG_HZ of most distributions' kernels. */
export const hz = 250;

/** The tick at a time in seconds. Where within a tick the kernel's clock began is not known; here it began on one. */
export const jiffiesAt = (now: number): number => Math.floor(now * hz);
