import { defineTarget } from "../extension.ts";
import { missing } from "../problem.ts";
import { ttlDecrease, ttlEffects, ttlIncrease, ttlSet } from "../ttl-change.ts";

export const ttl = defineTarget({
  name: "TTL",
  summary: "Changes the packet's TTL and goes on",
  validIn: { tables: ["mangle"], families: ["ipv4"] },
  options: {
    "ttl-set": { ...ttlSet, excludes: ["ttl-dec", "ttl-inc"] },
    "ttl-dec": { ...ttlDecrease, excludes: ["ttl-inc"] },
    "ttl-inc": ttlIncrease,
  },
  check: ({ "ttl-set": set, "ttl-dec": decrease, "ttl-inc": increase }) =>
    (set ?? decrease ?? increase) ? [] : [missing("TTL: You must specify an action")],
  effects: ({ "ttl-set": set, "ttl-dec": decrease, "ttl-inc": increase }) =>
    ttlEffects(set, decrease, increase),
  examples: [
    { rule: "-j TTL --ttl-set 64", saves: "=" },
    { rule: "-j TTL --ttl-dec 1", saves: "=" },
    { rule: "-j TTL --ttl-inc 0", refused: "bad-value" },
    { rule: "-j TTL --ttl-set 1 --ttl-dec 1", refused: "option-conflict" },
    { rule: "-j TTL", refused: "option-missing" },
  ],
});
