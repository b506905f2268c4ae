import { icmpv6Type } from "../../arg-types/icmp-type.ts";
import { and, equals, inRanges, invertIf } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { wholeHeader } from "../transport-header.ts";

export const icmp6 = defineMatch({
  name: "icmp6",
  aliases: ["icmpv6", "ipv6-icmp"],
  summary: "ICMPv6 type and code; loaded by `-p icmpv6`",
  validIn: { families: ["ipv6"], protocols: [58] },
  options: {
    "icmpv6-type": {
      arg: icmpv6Type,
      help: "a type, a type/code or a name, as `ip6tables -p icmpv6 -h` lists them",
      invertible: true,
      required: true,
    },
  },
  meaning({ "icmpv6-type": { value, inverted } }) {
    const wanted = and(equals(fields.icmpType, value.type), inRanges(fields.icmpCode, [value.codes]));
    return and(...wholeHeader(8), invertIf(inverted, wanted));
  },
  examples: [
    {
      rule: "-p icmpv6 --icmpv6-type ping",
      family: "ipv6",
      saves: "-p ipv6-icmp -m icmp6 --icmpv6-type 128",
    },
    { rule: "-p ipv6-icmp -m icmp6 ! --icmpv6-type 1/3", family: "ipv6", saves: "=" },
    { rule: "-p icmpv6 --icmpv6-type any", family: "ipv6", refused: "bad-value" },
    { rule: "-p icmpv6 -m icmp6", family: "ipv6", refused: "option-missing" },
    {
      rule: "-p icmpv6 --icmpv6-type 128",
      family: "ipv6",
      packet: "-p icmpv6 --icmpv6-type 128",
      matches: true,
    },
  ],
});
