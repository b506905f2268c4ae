import type { CountersNode } from "./tree.ts";

const largest = (1n << 64n) - 1n;

/**
 * Reads `[packets:bytes]` as iptables-restore -c does: decimal figures with leading white space or a sign, what follows a
 * figure is passed over, too large ones stay at 2^64-1. `undefined` where a figure is missing.
 */
export function readCounters(text: string, start: number): CountersNode | undefined {
  const span = { start, end: start + text.length };
  const plain = /^\[(\d{1,18}):(\d{1,18})\]$/.exec(text);
  if (plain !== null) return { span, packets: BigInt(plain[1]!), bytes: BigInt(plain[2]!) };
  const figures = /^\[\s*([+-]?\d+)[^:]*:\s*([+-]?\d+)/.exec(text);
  if (figures === null) return undefined;
  return { span, packets: clamp(BigInt(figures[1]!)), bytes: clamp(BigInt(figures[2]!)) };
}

/** strtoull(3): too large stays at the largest value, a negative figure wraps. */
function clamp(figure: bigint): bigint {
  if (figure > largest || -figure > largest) return largest;
  return BigInt.asUintN(64, figure);
}
