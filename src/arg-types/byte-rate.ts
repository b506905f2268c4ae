import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseNumber } from "./number.ts";
import { ownerOf } from "./option-message.ts";

/** A rate, or that one is compared with another estimator's. */
export type OptionalRate = number | "none";

/** Bits a second of each unit, in small letters (libxt_rateest.c). */
const units: Readonly<Record<string, number>> = {
  "": 1,
  bit: 1,
  bps: 8,
  ...Object.fromEntries(
    ["k", "m", "g", "t"].flatMap((letter, index) => {
      const [decimal, binary] = [1000 ** (index + 1), 1024 ** (index + 1)];
      return [
        [`${letter}bit`, decimal],
        [`${letter}ibit`, binary],
        [`${letter}bps`, decimal * 8],
        [`${letter}ibps`, binary * 8],
      ];
    }),
  ),
};

const number =
  /^[\t-\r ]*\+?(0x[0-9a-f]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)(.*)$/is;

/** Bytes a second in 32 bits, from bits or bytes with a unit, e.g. `1.5mbit`; a text without a rate gives `undefined`. */
function parseRate(text: string): number | undefined {
  const [, value = "", unit = ""] = number.exec(text) ?? [];
  const bits = units[unit.toLowerCase()];
  if (value === "" || bits === undefined) return undefined;
  const bytes = Math.trunc((Number(value) * bits) / 8);
  return Number.isFinite(bytes) ? Number(BigInt.asUintN(32, BigInt(bytes))) : 0;
}

function printRate(bytes: number): string {
  const bits = bytes * 8;
  if (bits >= 1e9) return `${Math.round(bits / 1e6)}Mbit`;
  return bits >= 1e6 ? `${Math.round(bits / 1e3)}Kbit` : `${bits}bit`;
}

const optional = (
  placeholder: string,
  samples: readonly number[],
  parse: (text: string) => number | undefined,
  print: (value: number) => string,
  what: string,
): ArgType<OptionalRate> => ({
  placeholder: `[${placeholder}]`,
  words: 1,
  optional: true,
  parse([text], site) {
    if (text === undefined) return ok("none");
    const value = parse(text);
    return value === undefined ? bad(`${ownerOf(site)}could not parse ${what} \`${text}'`) : ok(value);
  },
  print: (value) => (value === "none" ? "" : print(value)),
  samples,
});

/** Bytes a second, printed as bits. The argument may be absent. */
export const byteRate = optional("rate", [0, 1, 125, 125000, 1250000000], parseRate, printRate, "rate");

/** Packets a second. The argument may be absent. */
export const packetRate = optional(
  "packets",
  [0, 5, 2 ** 32 - 1],
  (text) => parseNumber(text, 0, 2 ** 32 - 1),
  String,
  "pps",
);
