import { flag } from "../../arg-types/arg-type.ts";
import { integerRange } from "../../arg-types/integer-range.ts";
import { and } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { rangeOf } from "../range-of.ts";
import { wholeHeader } from "../transport-header.ts";

const max = 2 ** 32 - 1;
const spis = integerRange(max, "spi[:spi]");

export const ipcomp = defineMatch({
  name: "ipcomp",
  summary: "Compression parameter index of an IPComp header (RFC 3173)",
  validIn: { protocols: [108] },
  options: {
    ipcompspi: {
      // of every index iptables-save prints nothing, which iptables-restore reads as 0
      arg: { ...spis, samples: spis.samples.filter(([low, high]) => low !== 0 || high !== max) },
      help: "the index or a range of them; without the option it must be 0",
      invertible: true,
      // libxt_ipcomp leaves the upper end at 0
      fallback: [0, 0],
      omits: ([low, high]: readonly [number, number]) => low === 0 && high === max,
      omitInverted: true,
    },
    compres: { arg: flag, help: "kept and printed; Linux does not look at it" },
  },
  meaning: ({ ipcompspi }) => and(...wholeHeader(4), rangeOf(fields.ipcompCpi, ipcompspi)),
  examples: [
    {
      rule: "-p ipcomp -m ipcomp --ipcompspi 0x100 -j ACCEPT",
      saves: "-p ipcomp -m ipcomp --ipcompspi 256 -j ACCEPT",
    },
    { rule: "-p 108 -m ipcomp --compres", saves: "-p ipcomp -m ipcomp --ipcompspi 0 --compres" },
    { rule: "-p ipcomp -m ipcomp --ipcompspi foo", refused: "bad-value" },
    { rule: "-m ipcomp --ipcompspi 5", refused: "wrong-place" },
  ],
});
