import { parseAddress, printAddress } from "../packet/address.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";

/** IP6T_RT_HOPS. */
const most = 16;

/** IPv6 addresses with commas: the hops of a routing header (libip6t_rt.c). */
export const ipv6AddressList: ArgType<readonly bigint[]> = {
  placeholder: "address[,...]",
  words: 1,
  parse([text = ""]) {
    const addresses: bigint[] = [];
    for (const word of text.split(",")) {
      if (addresses.length === most) return bad("too many addresses specified", `at most ${most}`);
      const address = /^[0-9a-f:.]+$/i.test(word) ? parseAddress(word) : undefined;
      if (typeof address !== "bigint") return bad(`bad address: ${word}`);
      addresses.push(address);
    }
    return ok(addresses);
  },
  print: (addresses) => addresses.map(printAddress).join(","),
  samples: [[1n], [0x20010db8n << 96n, 2n]],
};
