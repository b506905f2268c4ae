import type { Problem } from "./extension.ts";

type More = Pick<Problem, "option" | "help" | "iptables">;

/** An option without which iptables takes no such rule. */
export const missing = (message: string, more: More = {}): Problem => ({
  code: "option-missing",
  message,
  ...more,
});

/** Options that iptables does not take together. */
export const conflict = (message: string, more: More = {}): Problem => ({
  code: "option-conflict",
  message,
  ...more,
});

/** An argument that iptables does not take. */
export const badValue = (message: string, more: More = {}): Problem => ({
  code: "bad-value",
  message,
  ...more,
});

/** What only the kernel objects to. */
export const kernelRefuses = (message: string, more: More = {}): Problem => ({
  code: "kernel-refuses",
  message,
  ...more,
  kernel: true,
});

/** What the kernel does not take in this table, at this hook or for this protocol. */
export const misplaced = (message: string, more: More = {}): Problem => ({
  code: "wrong-place",
  message,
  ...more,
  kernel: true,
});

/** What iptables says of the kernel's errors other than EINVAL (iptc_strerror, libiptc.c). */
export const iptablesSays = {
  notFound: "No chain/target/match by that name.",
  outOfRange: "Numerical result out of range.",
} as const;
