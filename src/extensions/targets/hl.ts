import { defineTarget } from "../extension.ts";
import { missing } from "../problem.ts";
import { ttlDecrease, ttlEffects, ttlIncrease, ttlSet } from "../ttl-change.ts";

export const hl = defineTarget({
  name: "HL",
  summary: "Changes the packet's hop limit and goes on",
  validIn: { tables: ["mangle"], families: ["ipv6"] },
  options: {
    "hl-set": { ...ttlSet, excludes: ["hl-dec", "hl-inc"] },
    "hl-dec": { ...ttlDecrease, excludes: ["hl-inc"] },
    "hl-inc": ttlIncrease,
  },
  check: ({ "hl-set": set, "hl-dec": decrease, "hl-inc": increase }) =>
    (set ?? decrease ?? increase) ? [] : [missing("HL: You must specify an action")],
  effects: ({ "hl-set": set, "hl-dec": decrease, "hl-inc": increase }) => ttlEffects(set, decrease, increase),
  examples: [
    { rule: "-j HL --hl-set 64", saves: "=" },
    { rule: "-j HL --hl-dec 1", saves: "=" },
    { rule: "-j HL --hl-inc 0", refused: "bad-value" },
    { rule: "-j HL --hl-set 1 --hl-dec 1", refused: "option-conflict" },
    { rule: "-j HL", refused: "option-missing" },
  ],
});
