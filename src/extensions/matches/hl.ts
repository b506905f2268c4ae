import { integer } from "../../arg-types/integer.ts";
import { defineMatch } from "../extension.ts";
import { hopLimit } from "../hop-limit.ts";
import { missing } from "../problem.ts";

const value = integer({ min: 0, max: 255 });

export const hl = defineMatch({
  name: "hl",
  summary: "IPv6's hop limit; `ttl` is the match for IPv4",
  validIn: { families: ["ipv6"] },
  options: {
    "hl-lt": { arg: value, help: "the hop limit is lower", excludes: ["hl-gt", "hl-eq"] },
    "hl-gt": { arg: value, help: "the hop limit is higher", excludes: ["hl-lt", "hl-eq"] },
    "hl-eq": {
      arg: value,
      help: "the hop limit is this one",
      aliases: ["hl"],
      invertible: true,
      excludes: ["hl-lt", "hl-gt"],
    },
  },
  check({ "hl-lt": below, "hl-gt": above, "hl-eq": equal }) {
    if (below || above || equal) return [];
    return [missing("HL match: You must specify one of `--hl-eq', `--hl-lt', `--hl-gt'")];
  },
  meaning: (args) => hopLimit(args["hl-eq"], args["hl-lt"], args["hl-gt"]),
  examples: [
    { rule: "-m hl --hl-eq 255 -j ACCEPT", family: "ipv6", saves: "=" },
    { rule: "-m hl ! --hl-eq 255", family: "ipv6", saves: "=" },
    { rule: "-m hl --hl-eq 256", family: "ipv6", refused: "bad-value" },
    { rule: "-m hl", family: "ipv6", refused: "option-missing" },
    { rule: "-m hl --hl-eq 255", family: "ipv4", refused: "wrong-place" },
  ],
});
