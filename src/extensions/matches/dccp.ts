import { dccpTypes } from "../../arg-types/dccp-types.ts";
import { integer } from "../../arg-types/integer.ts";
import { serviceRange } from "../../arg-types/port-range.ts";
import { and, type Formula, hotdropIf, invertIf, opaque } from "../../formula/formula.ts";
import { dccpType, hasOption } from "../dccp-header.ts";
import { type Arg, defineMatch } from "../extension.ts";
import { portOption } from "../port-option.ts";
import { portIn, wholeHeader } from "../transport-header.ts";

/** Types that are not assigned count as INVALID. */
const invalid = 10;

function optionFormulas({ value, inverted }: Arg<number>): readonly Formula[] {
  const key = `has DCCP option ${value}`;
  const malformed = opaque(`${key}, cut short`, ({ packet }) => hasOption(packet, value) === "malformed");
  const present = opaque(key, ({ packet }) => hasOption(packet, value) === true);
  // inverted, the kernel counts a malformed packet for the rule before it drops it; here the rule doesn't count it
  return [hotdropIf(malformed, "the DCCP options are cut short"), invertIf(inverted, present)];
}

export const dccp = defineMatch({
  name: "dccp",
  summary: "DCCP ports, packet types and options (RFC 4340); loaded by `-p dccp`",
  validIn: { protocols: [33] },
  options: {
    sport: portOption("source", serviceRange),
    dport: portOption("destination", serviceRange),
    "dccp-types": { arg: dccpTypes, help: "one of these packet types", invertible: true },
    "dccp-option": {
      arg: integer({ min: 1, max: 255 }),
      help: "an option that the packet has",
      invertible: true,
    },
  },
  meaning({ sport, dport, "dccp-types": types, "dccp-option": option }) {
    const parts: Formula[] = [...wholeHeader(12)];
    if (sport) parts.push(portIn("source", [sport.value], sport.inverted));
    if (dport) parts.push(portIn("destination", [dport.value], dport.inverted));
    if (types) {
      const key = `DCCP type among bits 0x${types.value.toString(16)}`;
      const listed = opaque(
        key,
        ({ packet }) => ((types.value >> Math.min(dccpType(packet), invalid)) & 1) === 1,
      );
      parts.push(invertIf(types.inverted, listed));
    }
    if (option) parts.push(...optionFormulas(option));
    return and(...parts);
  },
  examples: [
    { rule: "-p dccp --dport 7: -j ACCEPT", saves: "-p dccp -m dccp --dport 7:65535 -j ACCEPT" },
    {
      rule: "-p dccp ! --dccp-option 5 --dccp-types data,request",
      saves: "-p dccp -m dccp --dccp-types REQUEST,DATA ! --dccp-option 5",
    },
    { rule: "-p dccp --dccp-types foo", refused: "bad-value" },
    { rule: "-p dccp --dccp-option 0", refused: "bad-value" },
    { rule: "-m dccp --dport 5", refused: "wrong-place" },
  ],
});
