import { markMask } from "../../arg-types/mark.ts";
import { and, invertIf } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { hasEntry } from "../connection-state.ts";
import { defineMatch } from "../extension.ts";
import { maskedValue } from "../masked-value.ts";

export const connmark = defineMatch({
  name: "connmark",
  summary: "The connection's mark; a packet without connection matches neither way",
  needsConntrack: true,
  options: {
    mark: { arg: markMask, help: "the mark, looked at through the mask", invertible: true, required: true },
  },
  meaning: ({ mark: { value, inverted } }) =>
    and(hasEntry, invertIf(inverted, maskedValue(fields.ctmark, value))),
  examples: [
    { rule: "-m connmark --mark 1 -j ACCEPT", saves: "-m connmark --mark 0x1 -j ACCEPT" },
    { rule: "-m connmark ! --mark 1/0xff", saves: "-m connmark ! --mark 0x1/0xff" },
    { rule: "-m connmark --mark foo", refused: "bad-value" },
    { rule: "-m connmark", refused: "option-missing" },
  ],
});
