import { dscpClass } from "../../arg-types/dscp-class.ts";
import { integer } from "../../arg-types/integer.ts";
import { defineTarget } from "../extension.ts";
import { missing } from "../problem.ts";

const print = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;

export const dscp = defineTarget({
  name: "DSCP",
  summary: "Writes the DiffServ code point and goes on",
  validIn: { tables: ["mangle"] },
  options: {
    "set-dscp": { arg: integer({ min: 0, max: 63, print }), help: "the code point" },
    "set-dscp-class": {
      arg: dscpClass,
      help: "the code point by its class's name",
      into: "set-dscp",
      convert: (value: number): number => value,
    },
  },
  check: ({ "set-dscp": value }) => (value ? [] : [missing("DSCP target: Parameter --set-dscp is required")]),
  // the two bits of ECN stay
  effects: ({ "set-dscp": value }) => (value ? [{ kind: "tos", clear: 0xfc, xor: value.value << 2 }] : []),
  examples: [
    { rule: "-j DSCP --set-dscp-class EF", saves: "-j DSCP --set-dscp 0x2e" },
    { rule: "-j DSCP --set-dscp 64", refused: "bad-value" },
    { rule: "-j DSCP", refused: "option-missing" },
  ],
});
