import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

/** `first:last` of NFQUEUE's queues. */
export const queueRange: ArgType<readonly [number, number]> = {
  placeholder: "first:last",
  words: 1,
  parse([text = ""], site) {
    const parts = text.split(":");
    if (parts.length > 2) {
      return bad(`${ownerOf(site)}Too many components for option ${optionOf(site)} (max: 2)`);
    }
    // an end that is left out is the first or the last queue there is
    const [first, last] = parts.map((part, index) =>
      part === "" && parts.length > 1 ? index * 65535 : parseNumber(part, 0, 65535),
    );
    if (first === undefined || (parts.length > 1 && last === undefined)) {
      return bad(
        `${ownerOf(site)}bad value for option ${optionOf(site)} near "${text}", or out of range (0-65535).`,
      );
    }
    if (last === undefined) return bad(`Bad range "${text}"`);
    return first < last ? ok([first, last]) : bad(`${first} should be less than ${last}`);
  },
  print: ([first, last]) => `${first}:${last}`,
  samples: [
    [0, 3],
    [5, 65535],
  ],
};
