import { flag } from "../../arg-types/arg-type.ts";
import { invertIf, not, unknown } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";

export const rpfilter = defineMatch({
  name: "rpfilter",
  summary: "An answer would leave by the interface that the packet came from; not looked up, taken to be so",
  validIn: { tables: ["raw", "mangle"], hooks: ["PREROUTING"] },
  options: {
    loose: { arg: flag, help: "any interface will do" },
    validmark: { arg: flag, help: "look the route up with the packet's mark" },
    "accept-local": { arg: flag, help: "take packets with a source address of this host" },
    invert: { arg: flag, help: "match the packets that fail the test" },
  },
  meaning: ({ invert }) =>
    invertIf(
      invert !== undefined,
      not(unknown("the reverse path is not looked up: every packet is taken to pass -m rpfilter")),
    ),
  examples: [
    {
      rule: "-m rpfilter --invert --loose -j DROP",
      at: "raw/PREROUTING",
      saves: "-m rpfilter --loose --invert -j DROP",
    },
    { rule: "-m rpfilter ! --loose", at: "raw/PREROUTING", refused: "not-invertible" },
    { rule: "-m rpfilter", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
