import { type ArgType, bad, ok } from "./arg-type.ts";

/** Rates are kept as the time between two packets in 1/10000 s (XT_LIMIT_SCALE, xt_limit.h). */
export const rateScale = 10000;

const units = [
  ["day", 86400 * rateScale],
  ["hour", 3600 * rateScale],
  ["min", 60 * rateScale],
  ["sec", rateScale],
] as const;

/** Reads the number in front as atoi(3) does: leading blanks, a sign, the rest ignored, cut to 32 bits. */
function leadingInteger(text: string): number {
  const digits = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/.exec(text)?.[1];
  return digits === undefined ? 0 : Number(BigInt.asUintN(32, BigInt(digits)));
}

/** The unit's length in 1/10000 s; any abbreviation down to one letter counts, in any case. */
function unitLength(name: string): number | undefined {
  const lower = name.toLowerCase();
  const full = ["second", "minute", "hour", "day"].find((unit) => lower !== "" && unit.startsWith(lower));
  return units.find(([unit]) => full?.startsWith(unit))?.[1];
}

/** `n[/second|/minute|/hour|/day]` of `-m limit`, as the time between two packets in 1/10000 s (libxt_limit.c). */
export const rate: ArgType<number> = {
  placeholder: "n[/second|/minute|/hour|/day]",
  words: 1,
  parse([text = ""]) {
    const slash = text.indexOf("/");
    const length = slash < 0 ? rateScale : unitLength(text.slice(slash + 1));
    const count = leadingInteger(text);
    const help = "write e.g. `5/second`, `20/minute` or `3/hour`";
    // the lone apostrophe is iptables' own
    if (length === undefined || count === 0) return bad(`bad rate "${text}"'`, help);
    const period = Math.floor(length / count);
    return period === 0 ? bad(`Rate too fast "${text}"`, "at most 10000/second") : ok(period);
  },
  print(period) {
    // the largest unit in which the rate is nearly whole (libxt_limit.c)
    let chosen: (typeof units)[number] = units[0];
    for (const unit of units.slice(1)) {
      const [, length] = unit;
      if (period > length || Math.floor(length / period) < length % period) break;
      chosen = unit;
    }
    return `${Math.floor(chosen[1] / period)}/${chosen[0]}`;
  },
  samples: [12000000, 10000, 1, 2, 30000, 864, 600000, 36000000, 123428571, 864000000],
};
