import { integerRange } from "../../arg-types/integer-range.ts";

import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { rangeOf } from "../range-of.ts";

export const length = defineMatch({
  name: "length",
  summary: "Length of the IP packet in bytes, header included",
  options: {
    length: {
      arg: integerRange(65535, "length[:length]"),
      help: "the length or a range of lengths",
      invertible: true,
      required: true,
    },
  },
  meaning: ({ length }) => rangeOf(fields.length, length),
  examples: [
    { rule: "-m length --length 40: -j DROP", saves: "-m length --length 40:65535 -j DROP" },
    { rule: "-m length ! --length 0x28:50", saves: "-m length ! --length 40:50" },
    { rule: "-m length --length 65536", refused: "bad-value" },
    { rule: "-m length --length 1-2", refused: "bad-value" },
    { rule: "-m length", refused: "option-missing" },
  ],
});
