import { type ArgType, bad, ok } from "./arg-type.ts";
import { readNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

export type NumberRange = readonly [low: number, high: number];

/**
 * `low`, `low:high`, `low:` or `:high`, as libxtables' XTTYPE_UINT16RC and XTTYPE_UINT32RC read it. The bounds may stand
 * in the wrong order: iptables takes that, and such a range holds nothing. An empty argument is 0.
 */
export const integerRange = (max: number, placeholder = "number[:number]"): ArgType<NumberRange> => ({
  placeholder,
  words: 1,
  parse([text = ""], site) {
    const bounds: number[] = [];
    let rest = text;
    for (;;) {
      if (bounds.length === 2) {
        return bad(`${ownerOf(site)}Too many components for option ${optionOf(site)} (max: 2)`);
      }
      const absent = rest === "" || rest.startsWith(":");
      const read = absent ? { value: bounds.length === 1 ? max : 0, rest } : readNumber(rest, 0, max);
      if (!read) {
        return bad(
          `${ownerOf(site)}bad value for option ${optionOf(site)} near "${rest}", or out of range (0-${max}).`,
        );
      }
      bounds.push(read.value);
      if (read.rest === "") break;
      if (!read.rest.startsWith(":")) {
        return bad(
          `${ownerOf(site)}Argument to ${optionOf(site)} has unexpected characters near "${read.rest}".`,
        );
      }
      rest = read.rest.slice(1);
    }
    const [low = 0, high = low] = bounds;
    return ok([low, high]);
  },
  print: ([low, high]) => (low === high ? `${low}` : `${low}:${high}`),
  samples: [
    [0, 0],
    [40, 50],
    [0, max],
    [50, 40],
  ],
});
