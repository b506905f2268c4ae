import { integer } from "../../arg-types/integer.ts";
import type { MarkMask } from "../../arg-types/mark.ts";
import { tosMask } from "../../arg-types/tos.ts";
import { defineTarget } from "../extension.ts";
import { missing } from "../problem.ts";

const bits = integer({ min: 0, max: 255, placeholder: "bits" });

export const tos = defineTarget({
  name: "TOS",
  summary: "Changes IPv4's TOS or IPv6's traffic class and goes on",
  validIn: { tables: ["mangle"] },
  options: {
    "set-tos": { arg: tosMask, help: "clear the mask's bits, then flip the value's" },
    "and-tos": {
      arg: bits,
      help: "keep these bits only",
      into: "set-tos",
      convert: (value: number): MarkMask => ({ value: 0, mask: ~value & 255 }),
    },
    "or-tos": {
      arg: bits,
      help: "set these bits",
      into: "set-tos",
      convert: (value: number): MarkMask => ({ value, mask: value }),
    },
    "xor-tos": {
      arg: bits,
      help: "flip these bits",
      into: "set-tos",
      convert: (value: number): MarkMask => ({ value, mask: 0 }),
    },
  },
  check: ({ "set-tos": change }) => (change ? [] : [missing("TOS: An action is required")]),
  effects: ({ "set-tos": change }) =>
    change ? [{ kind: "tos", clear: change.value.mask, xor: change.value.value }] : [],
  examples: [
    { rule: "-j TOS --set-tos Minimize-Delay", saves: "-j TOS --set-tos 0x10/0x3f" },
    { rule: "-j TOS --and-tos 0xf0", saves: "-j TOS --set-tos 0x00/0x0f" },
    { rule: "-j TOS", refused: "option-missing" },
    { rule: "-j TOS --set-tos 1", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
