import { type Address, type Family, prefixLength, prefixMask } from "../packet/address.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseHost } from "./ip-text.ts";
import { parseNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

/** A prefix length; `host` is the whole address, whose length depends on the family. */
export type LoosePrefix = number | "host";

const fullLength = (family: Family): number => (family === "ipv4" ? 32 : 128);

/** The mask of a prefix in a family. */
export const maskOfPrefix = (prefix: LoosePrefix, family: Family): Address =>
  prefixMask(family, prefix === "host" ? fullLength(family) : prefix);

/** A prefix length or a mask (XTTYPE_PLEN); a mask with gaps comes out as the whole address. */
export const loosePrefix: ArgType<LoosePrefix> = {
  placeholder: "length",
  words: 1,
  parse([text = ""], site) {
    const full = fullLength(site.family);
    const mask = parseHost(text, site.family);
    const length =
      parseNumber(text, 0, full) ?? (mask === undefined ? undefined : (prefixLength(mask) ?? full));
    if (length === undefined) {
      return bad(
        `${ownerOf(site)}bad value for option ${optionOf(site)}, neither a valid network mask nor valid CIDR (0-${full}).`,
      );
    }
    return ok(length === full ? "host" : length);
  },
  print: (prefix, { family }) => String(prefix === "host" ? fullLength(family) : prefix),
  samples: ["host", 0, 24],
};
