import { type ArgType, bad, ok } from "./arg-type.ts";

const units: readonly (readonly [suffix: RegExp, microseconds: number])[] = [
  [/^(s|secs?)$/i, 1e6],
  [/^(ms|msecs?)$/i, 1000],
  [/^(us|usecs?|)$/i, 1],
];

const number =
  /^[\t-\r ]*([+-]?)(0x[0-9a-f]+|inf(?:inity)?|nan|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)/i;

/** What strtod(3) reads, as the 32 bits that are left of it; NaN where there is no number. */
function readMicroseconds(text: string): number {
  const found = number.exec(text);
  if (!found) return Number.NaN;
  const unit = units.find(([suffix]) => suffix.test(text.slice(found[0].length)));
  if (!unit) return Number.NaN;
  const value = Math.trunc(Number(found[2]) * unit[1]) * (found[1] === "-" ? -1 : 1);
  // beyond 64 bits, and for inf and nan, the processor gives 1 << 63
  return Math.abs(value) < 2 ** 63 ? Number(BigInt.asUintN(32, BigInt(value))) : 0;
}

/** Microseconds, or a power of 2 of an interval. */
export interface EstimatorTime {
  readonly microseconds: number;
  readonly power?: number;
}

/** 32 bits hold the product, and what they hold is printed. */
const print = ({ microseconds: factor, power = 0 }: EstimatorTime): string => {
  const microseconds = (factor * 2 ** power) % 2 ** 32;
  if (microseconds >= 1e6) return `${(microseconds / 1e6).toFixed(1)}s`;
  return microseconds >= 1000 ? `${(microseconds / 1000).toFixed(1)}ms` : `${microseconds}us`;
};

/** A time of a rate estimator in microseconds: a number with `s`, `ms` or `us`, which is also what no unit means. */
export const estimatorTime = (what: string): ArgType<EstimatorTime> => ({
  placeholder: "time{s|ms|us}",
  words: 1,
  parse([text = ""]) {
    const value = readMicroseconds(text);
    return Number.isNaN(value) ? bad(`RATEEST: bad ${what} value "${text}"`) : ok({ microseconds: value });
  },
  print,
  samples: [250_000, 1_000_000, 0, 500].map((microseconds) => ({ microseconds })),
});
