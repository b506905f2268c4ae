import { dscpClass } from "../../arg-types/dscp-class.ts";
import { integer } from "../../arg-types/integer.ts";
import { always, invertIf, masked } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { missing } from "../problem.ts";

export const dscp = defineMatch({
  name: "dscp",
  summary: "The DiffServ code point: the upper six bits of the TOS byte or traffic class",
  options: {
    dscp: {
      arg: integer({ min: 0, max: 63, print: (value) => `0x${value.toString(16).padStart(2, "0")}` }),
      help: "the code point as a number",
      invertible: true,
    },
    "dscp-class": {
      arg: dscpClass,
      help: "the code point by its class: BE, EF, AFxx or CSx",
      invertible: true,
      into: "dscp",
      convert: (value) => value,
    },
  },
  check: ({ dscp }) => (dscp ? [] : [missing("DSCP match: Parameter --dscp is required")]),
  meaning: ({ dscp }) => (dscp ? invertIf(dscp.inverted, masked(fields.tos, 0xfc, dscp.value * 4)) : always),
  examples: [
    { rule: "-m dscp --dscp 46 -j ACCEPT", saves: "-m dscp --dscp 0x2e -j ACCEPT" },
    { rule: "-m dscp ! --dscp-class af11", saves: "-m dscp ! --dscp 0x0a" },
    { rule: "-m dscp --dscp 64", refused: "bad-value" },
    { rule: "-m dscp --dscp-class E", refused: "bad-value" },
    { rule: "-m dscp", refused: "option-missing" },
  ],
});
