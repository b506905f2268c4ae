import { type ArgType, bad, ok, type Result } from "./arg-type.ts";

/** Bits of byte 13 of the TCP header, in iptables' order. ECE and CWR have no name there (libxt_tcp.c). */
const names = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const;
const all = 63;

/** `--tcp-flags mask comparison`: of the flags in `mask` exactly those in `comparison` must be set. */
export interface TcpFlags {
  readonly mask: number;
  readonly comparison: number;
}

/** Whether an argument whose option is not known is one of these. */
export const isTcpFlags = (value: unknown): value is TcpFlags =>
  typeof value === "object" && value !== null && "mask" in value && "comparison" in value;

function parseFlags(text: string): Result<number> {
  let bits = 0;
  for (const word of text.split(",")) {
    const name = word.toUpperCase();
    if (name === "ALL") bits |= all;
    else if (Object.hasOwn(names, name)) bits |= names[name as keyof typeof names];
    else if (name !== "" && name !== "NONE") return bad(`Unknown TCP flag \`${word}'`);
  }
  return ok(bits);
}

function printFlags(bits: number): string {
  const set = Object.entries(names).filter(([, bit]) => bits & bit);
  return set.length === 0 ? "NONE" : set.map(([name]) => name).join(",");
}

export const tcpFlags: ArgType<TcpFlags> = {
  placeholder: "mask comp",
  words: 2,
  parse([maskText = "", comparisonText]) {
    if (comparisonText === undefined) return bad("--tcp-flags requires two args.");
    const mask = parseFlags(maskText);
    if (!mask.ok) return mask;
    const comparison = parseFlags(comparisonText);
    return comparison.ok ? ok({ mask: mask.value, comparison: comparison.value }) : comparison;
  },
  print: ({ mask, comparison }) => `${printFlags(mask)} ${printFlags(comparison)}`,
  samples: [
    { mask: 23, comparison: 2 },
    { mask: all, comparison: 0 },
    { mask: 0, comparison: 0 },
    { mask: all, comparison: all },
  ],
};
