import { flag } from "../../arg-types/arg-type.ts";
import { invertIf, opaque } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { optionText } from "../option-text.ts";

const options = {
  loose: { arg: flag, help: "any interface will do" },
  validmark: { arg: flag, help: "look the route up with the packet's mark" },
  "accept-local": { arg: flag, help: "take packets with a source address of this host" },
  invert: { arg: flag, help: "match the packets that fail the test" },
} as const;

export const rpfilter = defineMatch({
  name: "rpfilter",
  summary: "An answer would leave by the interface that the packet came from, by the host's routing tables",
  validIn: { tables: ["raw", "mangle"], hooks: ["PREROUTING"] },
  options,
  meaning(args, { family }) {
    const how = {
      loose: args.loose !== undefined,
      validMark: args.validmark !== undefined,
      acceptLocal: args["accept-local"] !== undefined,
    };
    const key = optionText("rpfilter", options, args, family, ["loose", "validmark", "accept-local"]);
    const passes = opaque(`passes ${key}`, ({ packet, inDevice, world }) => {
      const found = inDevice === undefined ? undefined : world.reversePath?.(packet, inDevice, how);
      if (found === undefined) {
        world.assume("the host's routes are not known: every packet is taken to pass -m rpfilter");
      }
      return found ?? true;
    });
    return invertIf(args.invert !== undefined, passes);
  },
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
