import { type Address, type Family, prefixMask } from "../packet/address.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseHost } from "./ip-text.ts";

/** A mask written as an address; `host` is the whole address, whose length depends on the family. */
export type NetworkMask = Address | "host";

const allOnes = (family: Family): Address => prefixMask(family, family === "ipv4" ? 32 : 128);

/** The mask as an address of a family. */
export const addressOfMask = (mask: NetworkMask, family: Family): Address =>
  mask === "host" ? allOnes(family) : mask;

/** Any address is taken for a mask, as a resolver reads it (XTTYPE_HOST): `24` is 0.0.0.24. */
export const networkMask = (print: (address: Address) => string): ArgType<NetworkMask> => ({
  placeholder: "mask",
  words: 1,
  parse([text = ""], { family }) {
    const mask = parseHost(text, family);
    if (mask !== undefined) return ok(mask === allOnes(family) ? "host" : mask);
    const other = parseHost(text, family === "ipv4" ? "ipv6" : "ipv4") !== undefined;
    return other
      ? bad("getaddrinfo: Address family for hostname not supported")
      : bad("getaddrinfo: Name or service not known", "write the mask as an address, e.g. 255.255.255.0");
  },
  print: (mask, { family }) => print(addressOfMask(mask, family)),
  samples: ["host", 0xffffff00],
});
