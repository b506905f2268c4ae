import { integerRange } from "../../arg-types/integer-range.ts";
import { and } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { rangeOf } from "../range-of.ts";
import { wholeHeader } from "../transport-header.ts";

const maxSpi = 2 ** 32 - 1;

export const esp = defineMatch({
  name: "esp",
  summary: "Security parameters index of an ESP header",
  validIn: { protocols: [50] },
  options: {
    espspi: {
      arg: integerRange(maxSpi, "spi[:spi]"),
      help: "the index or a range of them",
      invertible: true,
      fallback: [0, maxSpi],
      omitFallback: true,
      omitInverted: true,
    },
  },
  meaning: ({ espspi }) => and(...wholeHeader(8), rangeOf(fields.espSpi, espspi)),
  examples: [
    { rule: "-p esp --espspi 0x100 -j ACCEPT", saves: "-p esp -m esp --espspi 256 -j ACCEPT" },
    { rule: "-p esp ! --espspi 5:", saves: "-p esp -m esp ! --espspi 5:4294967295" },
    { rule: "-p esp --espspi foo", refused: "bad-value" },
    { rule: "-m esp --espspi 5", refused: "wrong-place" },
  ],
});
