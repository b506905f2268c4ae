import { type ArgType, bad } from "./arg-type.ts";
import { parseProtocol, protocol } from "./protocol.ts";

/** ESP, AH and IPComp. */
const ofIpsec = [50, 51, 108];

/** A protocol that IPsec wraps packets in. */
export const ipsecProtocol: ArgType<number> = {
  ...protocol,
  parse([text = ""]) {
    const read = parseProtocol(text);
    if (!read.ok || ofIpsec.includes(read.value)) return read;
    return bad("policy match: protocol must be ah/esp/ipcomp");
  },
  samples: ofIpsec,
};
