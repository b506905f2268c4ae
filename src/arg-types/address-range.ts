import { type Address, printAddress } from "../packet/address.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseNumericAddress } from "./ip-text.ts";
import { badValueMessage } from "./option-message.ts";

export type AddressRange = readonly [low: Address, high: Address];

/** `address[-address]` as libxt_iprange reads it. The bounds may stand in the wrong order; such a range holds nothing. */
export const addressRange: ArgType<AddressRange> = {
  placeholder: "address[-address]",
  words: 1,
  parse([text = ""], site) {
    const dash = text.indexOf("-");
    const from = dash < 0 ? text : text.slice(0, dash);
    const to = dash < 0 ? text : text.slice(dash + 1);
    const low = parseNumericAddress(from, site.family);
    if (low === undefined) return bad(badValueMessage(site, from));
    const high = parseNumericAddress(to, site.family);
    return high === undefined ? bad(badValueMessage(site, to)) : ok([low, high]);
  },
  print: ([low, high]) => `${printAddress(low)}-${printAddress(high)}`,
  samples: [
    [0x0a000001, 0x0a000005],
    [0x0a000001, 0x0a000001],
    [0, 0xffffffff],
  ],
};
