export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Milliseconds that one call takes. */
export function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
