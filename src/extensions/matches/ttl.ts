import { integer } from "../../arg-types/integer.ts";
import { defineMatch } from "../extension.ts";
import { hopLimit } from "../hop-limit.ts";
import { missing } from "../problem.ts";

const value = integer({ min: 0, max: 255 });

export const ttl = defineMatch({
  name: "ttl",
  summary: "IPv4's time to live; `hl` is the match for IPv6",
  validIn: { families: ["ipv4"] },
  options: {
    "ttl-lt": { arg: value, help: "the TTL is lower", excludes: ["ttl-gt", "ttl-eq"] },
    "ttl-gt": { arg: value, help: "the TTL is higher", excludes: ["ttl-lt", "ttl-eq"] },
    "ttl-eq": {
      arg: value,
      help: "the TTL is this one",
      aliases: ["ttl"],
      invertible: true,
      excludes: ["ttl-lt", "ttl-gt"],
    },
  },
  check({ "ttl-lt": below, "ttl-gt": above, "ttl-eq": equal }) {
    if (below || above || equal) return [];
    // the missing quote is iptables' own
    return [missing("TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt")];
  },
  meaning: (args) => hopLimit(args["ttl-eq"], args["ttl-lt"], args["ttl-gt"]),
  examples: [
    { rule: "-m ttl --ttl 64 -j ACCEPT", saves: "-m ttl --ttl-eq 64 -j ACCEPT" },
    { rule: "-m ttl ! --ttl-eq 64", saves: "=" },
    { rule: "-m ttl --ttl-eq 256", refused: "bad-value" },
    { rule: "-m ttl ! --ttl-gt 64", refused: "not-invertible" },
    { rule: "-m ttl --ttl-eq 1 --ttl-lt 5", refused: "option-conflict" },
    { rule: "-m ttl", refused: "option-missing" },
  ],
});
