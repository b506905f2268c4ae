import { type Address, printAddress } from "../packet/address.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseHost } from "./ip-text.ts";

/** An address; `any` is the unspecified one, whose form depends on the family. */
export type HostAddress = Address | "any";

/** One address without a mask (XTTYPE_HOST). */
export const hostAddress: ArgType<HostAddress> = {
  placeholder: "address",
  words: 1,
  parse([text = ""], { family }) {
    const address = parseHost(text, family);
    if (address !== undefined) return ok(BigInt(address) === 0n ? "any" : address);
    const other = parseHost(text, family === "ipv4" ? "ipv6" : "ipv4") !== undefined;
    return other
      ? bad("getaddrinfo: Address family for hostname not supported")
      : bad("getaddrinfo: Name or service not known", "host names are not resolved here: write the address");
  },
  print: (address, { family }) =>
    address === "any" ? (family === "ipv4" ? "0.0.0.0" : "::") : printAddress(address),
  samples: ["any", 0x0a000009],
};
