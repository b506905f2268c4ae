import { type ArgType, bad, ok } from "./arg-type.ts";
import { allMarkBits, hex, type MarkMask, markMask } from "./mark.ts";
import { optionOf, ownerOf } from "./option-message.ts";

/** A routing realm, `value[/mask]`. The one name that iproute2 ships is `cosmos` for 0. */
export const realmMask: ArgType<MarkMask> = {
  ...markMask,
  parse(words, site) {
    const [text = ""] = words;
    if (text === "cosmos") return ok({ value: 0, mask: allMarkBits });
    const read = markMask.parse(words, site);
    if (read.ok || text.includes("/")) return read;
    return bad(
      `${ownerOf(site)}could not map name ${text} to an integer value for option ${optionOf(site)}.`,
    );
  },
  print: ({ value, mask }) =>
    mask !== allMarkBits ? `${hex(value)}/${hex(mask)}` : value === 0 ? "cosmos" : hex(value),
};
