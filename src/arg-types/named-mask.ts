import { type ArgType, bad, ok } from "./arg-type.ts";
import { allMarkBits, hex, type MarkMask } from "./mark.ts";
import { readNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

/**
 * `value[/mask]`, or the name that iproute2 ships for 0 (xtables_parse_val_mask). Names that a host has of its own, in a
 * file under /etc/iproute2, are not known here.
 */
export const namedMask = (nameOfZero: string): ArgType<MarkMask> => ({
  placeholder: "value[/mask]",
  words: 1,
  parse([text = ""], site) {
    const start = `${ownerOf(site)}`;
    const value = readNumber(text, 0, allMarkBits);
    if (value?.rest === "") return ok({ value: value.value, mask: allMarkBits });
    if (!value?.rest.startsWith("/")) {
      if (text === nameOfZero) return ok({ value: 0, mask: allMarkBits });
      return bad(`${start}could not map name ${text} to an integer value for option ${optionOf(site)}.`);
    }
    const mask = readNumber(value.rest.slice(1), 0, allMarkBits);
    if (!mask) return bad(`${start}bad integer value for option ${optionOf(site)}, or out of range.`);
    if (mask.rest !== "") return bad(`${start}trailing garbage after value for option ${optionOf(site)}.`);
    return ok({ value: value.value, mask: mask.value });
  },
  print: ({ value, mask }) =>
    mask !== allMarkBits ? `${hex(value)}/${hex(mask)}` : value === 0 ? nameOfZero : hex(value),
  samples: [
    { value: 0, mask: allMarkBits },
    { value: 1, mask: allMarkBits },
    { value: 0x10, mask: 0xf0 },
    { value: 3, mask: 0 },
  ],
});
