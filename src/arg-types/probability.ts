import { type ArgType, bad, ok } from "./arg-type.ts";
import { readCFloat } from "./c-float.ts";
import { optionOf, ownerOf } from "./option-message.ts";

/** The kernel keeps probabilities in units of 1/2^31. */
export const probabilityScale = 2 ** 31;

/** A number of 0 to 1, kept in the kernel's units and printed with 11 places (libxt_statistic). */
export const probability: ArgType<number> = {
  placeholder: "0…1",
  words: 1,
  parse([text = ""], site) {
    const value = readCFloat(text) ?? -1;
    // no number is smaller or larger than the bounds of libxt_statistic, and becomes 0
    if (Number.isNaN(value)) return ok(0);
    if (value >= 0 && value <= 1) return ok(Math.round(value * probabilityScale));
    return bad(`${ownerOf(site)}bad value for option ${optionOf(site)}, or out of range (0-1).`);
  },
  print: (value) => (value / probabilityScale).toFixed(11),
  samples: [0, probabilityScale / 2, probabilityScale, 708669604],
};
