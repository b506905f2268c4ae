import { type ArgSite, type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { readNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

export interface MarkMask {
  readonly value: number;
  readonly mask: number;
}

export const allMarkBits = 0xffffffff;
export const hex = (value: number): string => `0x${value.toString(16)}`;

/** `value[/mask]` (XTTYPE_MARKMASK32). A value with bits outside of the mask is kept: as a match it never holds. */
export const markMask: ArgType<MarkMask> = {
  placeholder: "value[/mask]",
  words: 1,
  parse: ([text = ""], site) => parseMarkMask(text, site),
  print: ({ value, mask }) => (mask === allMarkBits ? hex(value) : `${hex(value)}/${hex(mask)}`),
  samples: [
    { value: 1, mask: allMarkBits },
    { value: 0x1ff, mask: 0xff },
    { value: 0, mask: 0 },
    { value: allMarkBits, mask: allMarkBits },
  ],
};

/** One mark of 32 bits without a mask, as xtables_parse_mark_mask's callers take it. */
export const mark: ArgType<number> = {
  placeholder: "value",
  words: 1,
  parse([text = ""], site) {
    const read = readNumber(text, 0, allMarkBits);
    if (read?.rest === "") return ok(read.value);
    return bad(`${ownerOf(site)}bad value for option ${optionOf(site)}, or out of range (0-${allMarkBits}).`);
  },
  print: hex,
  samples: [0, 1, allMarkBits],
};

function parseMarkMask(text: string, site: ArgSite): Result<MarkMask> {
  const outOfRange = `${ownerOf(site)}bad integer value for option ${optionOf(site)}, or out of range.`;
  const value = readNumber(text, 0, allMarkBits);
  if (!value) return bad(outOfRange);
  if (value.rest === "") return ok({ value: value.value, mask: allMarkBits });
  const mask = value.rest.startsWith("/") ? readNumber(value.rest.slice(1), 0, allMarkBits) : undefined;
  if (value.rest.startsWith("/") && !mask) return bad(outOfRange);
  if (mask?.rest !== "") {
    return bad(`${ownerOf(site)}trailing garbage after value for option ${optionOf(site)}.`);
  }
  return ok({ value: value.value, mask: mask.value });
}
