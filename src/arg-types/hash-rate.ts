import { type ArgType, bad, ok } from "./arg-type.ts";
import { badValueMessage } from "./option-message.ts";

/** The unit of a packet rate's period: 1/1000000 s (XT_HASHLIMIT_SCALE_v2, xt_hashlimit.h). */
export const hashScale = 1_000_000;

/** A rate of `-m hashlimit`. */
export type HashRate =
  /** The time between two packets in 1/1000000 s, and the seconds of the unit that the rate was written in. */
  | { readonly kind: "packets"; readonly period: number; readonly unit: number }
  /** Bytes in a second, a multiple of 16 nearly: see `chunkCost`. */
  | { readonly kind: "bytes"; readonly bytes: number };

const units = [
  ["day", 86400],
  ["hour", 3600],
  ["min", 60],
  ["sec", 1],
] as const;

const u32 = 0xffffffff;

/** What 16 bytes cost, as a share of 2^32 in a second (bytes_to_cost, libxt_hashlimit.c). */
export const chunkCost = (bytes: number): number => Math.floor(u32 / (Math.floor(bytes / 16) + 1));
/** The bytes that a cost comes to: what is left of them after rounding. */
const keptBytes = (bytes: number): number => (Math.floor(u32 / chunkCost(bytes)) - 1) * 16;

/** The largest unit that it has one of; the rest is lost. */
function printWhole(bytes: number): string {
  if (bytes >= 1048576) return `${Math.floor(bytes / 1048576)}mb`;
  return bytes >= 1024 ? `${Math.floor(bytes / 1024)}kb` : `${bytes}b`;
}

/**
 * The largest unit in which the whole part has the same cost. libxt_hashlimit rounds with a mask of 32 bits, so that from
 * 4 GiB on no unit will do.
 */
function printByteRate(bytes: number): string {
  const isKept = (unit: number): boolean =>
    bytes >= unit && chunkCost((bytes % 2 ** 32) - (bytes % unit)) === chunkCost(bytes);
  if (isKept(1048576)) return `${Math.floor(bytes / 1048576)}mb`;
  return isKept(1024) ? `${Math.floor(bytes / 1024)}kb` : `${bytes}b`;
}

/** The number in front, times what the letter before the `b` at `end` says. */
export function leadingBytes(text: string, end: number): number {
  const factor = { k: 1024, m: 1048576 }[text[end - 1] ?? ""] ?? 1;
  return Number(/^\s*(\d+)/.exec(text)?.[1] ?? 0) * factor;
}

/** The unit in which a packet rate is printed: the smallest in which it is nearly whole. */
function printedUnit(period: number): (typeof units)[number] {
  let chosen: (typeof units)[number] = units[0];
  for (const unit of units.slice(1)) {
    const length = unit[1] * hashScale;
    if (period > length || Math.floor(length / period) < length % period) break;
    chosen = unit;
  }
  return chosen;
}

/** Seconds of the unit that iptables-save would write the rate in; entries expire after them unless it says otherwise. */
export const printedUnitSeconds = (rate: HashRate, hasBurst: boolean): number =>
  rate.kind === "bytes" ? byteLifetime(hasBurst) : printedUnit(rate.period)[1];

/** Seconds after which an entry of a byte rate expires (XT_HASHLIMIT_BYTE_EXPIRE and its _BURST, libxt_hashlimit.c). */
export const byteLifetime = (hasBurst: boolean): number => (hasBurst ? 60 : 15);

/** `n[/unit]` packets, or `n[k|m]b/s` bytes (libxt_hashlimit.c). */
export const hashRate: ArgType<HashRate> = {
  placeholder: "n[/second|/minute|/hour|/day] or n[k|m]b/s",
  words: 1,
  parse([text = ""], site) {
    const byteMark = text.indexOf("b/s");
    if (byteMark >= 0) {
      const bytes = leadingBytes(text, byteMark);
      return bytes === 0 ? bad(badValueMessage(site, text)) : ok({ kind: "bytes", bytes: keptBytes(bytes) });
    }
    const slash = text.indexOf("/");
    const name = text.slice(slash + 1).toLowerCase();
    const full = ["second", "minute", "hour", "day"].find((unit) => name !== "" && unit.startsWith(name));
    const unit = slash < 0 ? 1 : units.find(([short]) => full?.startsWith(short))?.[1];
    const count = Number(/^\s*(\d+)/.exec(text)?.[1] ?? 0);
    if (unit === undefined || count === 0) return bad(badValueMessage(site, text));
    const period = Math.floor((unit * hashScale) / count);
    return period === 0 ? bad(`Rate too fast "${text}"`) : ok({ kind: "packets", period, unit });
  },
  print(rate) {
    if (rate.kind === "bytes") return `${printByteRate(rate.bytes)}/s`;
    const [name, seconds] = printedUnit(rate.period);
    return `${Math.floor((seconds * hashScale) / rate.period)}/${name}`;
  },
  samples: [
    { kind: "packets", period: 200_000, unit: 1 },
    { kind: "packets", period: 20_000_000, unit: 60 },
    { kind: "packets", period: 86_400 * hashScale, unit: 86_400 },
    { kind: "bytes", bytes: 524_288 },
    { kind: "bytes", bytes: 96 },
  ],
};

/**
 * A burst in bytes is kept as how often the rate's bytes go into it, rounded up. iptables-save has 32 bits for it, and
 * prints no less than the rate where something is left.
 */
export function roundedBurst(bytes: number, rate: number): number {
  const left = (Math.ceil(bytes / rate) * rate) % 2 ** 32;
  return left === 0 ? 0 : Math.max(left, rate);
}

/** Packets or bytes. */
export type HashBurst = number | { readonly bytes: number };

/** A burst: packets, or bytes where a `b` ends it. Which of both it must be depends on the rate. */
export const hashBurst: ArgType<HashBurst> = {
  placeholder: "packets or n[k|m]b",
  words: 1,
  parse([text = ""]) {
    if (/^\d+[km]?b$/.test(text)) return ok({ bytes: leadingBytes(text, text.length - 1) });
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    return value >= 1 && value <= 1_000_000
      ? ok(value)
      : bad('bad value for option "--hashlimit-burst", or out of range (1-1000000).');
  },
  print: (burst) => (typeof burst === "number" ? String(burst) : printWhole(burst.bytes)),
  samples: [1, 5, 1_000_000, { bytes: 524_288 }],
};
