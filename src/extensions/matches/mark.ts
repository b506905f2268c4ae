import { markMask } from "../../arg-types/mark.ts";
import { invertIf } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { maskedValue } from "../masked-value.ts";

export const mark = defineMatch({
  name: "mark",
  summary: "The packet's mark, as MARK or CONNMARK set it",
  options: {
    mark: { arg: markMask, help: "the mark, looked at through the mask", invertible: true, required: true },
  },
  meaning: ({ mark: { value, inverted } }) => invertIf(inverted, maskedValue(fields.mark, value)),
  examples: [
    { rule: "-m mark --mark 1 -j ACCEPT", saves: "-m mark --mark 0x1 -j ACCEPT" },
    { rule: "-m mark ! --mark 010/0xff", saves: "-m mark ! --mark 0x8/0xff" },
    { rule: "-m mark --mark 1/", refused: "bad-value" },
    { rule: "-m mark --mark 4294967296", refused: "bad-value" },
    { rule: "-m mark", refused: "option-missing" },
  ],
});
