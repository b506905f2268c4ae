import { type Address, type Family, prefixLength, prefixMask } from "../packet/address.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseHost } from "./ip-text.ts";
import { parseNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

/**
 * A prefix length; `host` is the whole address, whose length depends on the family. A mask with gaps has none: it counts
 * as the whole address to those that take it.
 */
export type LoosePrefix = number | "host" | "gaps";

const fullLength = (family: Family): number => (family === "ipv4" ? 32 : 128);

const lengthOf = (prefix: LoosePrefix, family: Family): number =>
  typeof prefix === "number" ? prefix : fullLength(family);

/** The mask of a prefix in a family. */
export const maskOfPrefix = (prefix: LoosePrefix, family: Family): Address =>
  prefixMask(family, lengthOf(prefix, family));

/** A prefix length or a mask (XTTYPE_PLEN). */
export const loosePrefix: ArgType<LoosePrefix> = {
  placeholder: "length",
  words: 1,
  parse([text = ""], site) {
    const full = fullLength(site.family);
    const mask = parseHost(text, site.family);
    const length =
      parseNumber(text, 0, full) ?? (mask === undefined ? undefined : (prefixLength(mask) ?? "gaps"));
    if (length === undefined) {
      return bad(
        `${ownerOf(site)}bad value for option ${optionOf(site)}, neither a valid network mask nor valid CIDR (0-${full}).`,
      );
    }
    return ok(length === full ? "host" : length);
  },
  print: (prefix, { family }) => String(lengthOf(prefix, family)),
  samples: ["host", 0, 24],
};
