import { icmpType } from "../../arg-types/icmp-type.ts";
import { always, and, equals, inRanges, invertIf } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { wholeHeader } from "../transport-header.ts";

/** The type that stands for any (ip_tables.c, icmp_type_code_match). */
const any = 255;

export const icmp = defineMatch({
  name: "icmp",
  summary: "ICMP type and code; loaded by `-p icmp`",
  validIn: { families: ["ipv4"], protocols: [1] },
  options: {
    "icmp-type": {
      arg: icmpType,
      help: "a type, a type/code or a name, as `iptables -p icmp -h` lists them",
      invertible: true,
      required: true,
    },
  },
  meaning({ "icmp-type": { value, inverted } }) {
    const wanted =
      value.type === any
        ? always
        : and(equals(fields.icmpType, value.type), inRanges(fields.icmpCode, [value.codes]));
    return and(...wholeHeader(8), invertIf(inverted, wanted));
  },
  examples: [
    { rule: "-p icmp --icmp-type echo-request -j ACCEPT", saves: "-p icmp -m icmp --icmp-type 8 -j ACCEPT" },
    { rule: "-p icmp --icmp-type port-unreach", saves: "-p icmp -m icmp --icmp-type 3/3" },
    { rule: "-p icmp ! --icmp-type 255", saves: "-p icmp -m icmp ! --icmp-type any" },
    { rule: "-p icmp --icmp-type echo", refused: "bad-value" },
    { rule: "-p icmp -m icmp", refused: "option-missing" },
    { rule: "-p tcp -m icmp --icmp-type 8", refused: "wrong-place" },
    { rule: "-p icmp --icmp-type 8", packet: "-p icmp --icmp-type 8", matches: true },
    { rule: "-p icmp --icmp-type 3/3", packet: "-p icmp --icmp-type 3/1", matches: false },
  ],
});
