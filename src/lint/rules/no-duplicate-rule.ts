import { defineRule } from "../define-rule.ts";
import { duplicatesOf } from "../duplicates.ts";
import { removeRule } from "../remove-rule.ts";
import { aboutRule, nameOf, placeOf } from "../rules-of.ts";

export const noDuplicateRule = defineRule({
  id: "NV110",
  name: "no-duplicate-rule",
  level: "warning",
  summary: "A rule that stands in its chain twice",
  why: "The second of two equal rules decides nothing: whatever it matches, the first one has taken. It costs time for every packet that passes it, and whoever deletes one of them later thinks that the matter is settled.",
  exceptions:
    "Rules with a memory (`limit`, `recent`, `statistic` …) and targets that change packets are never reported: twice is not once for them.",
  bad: [
    "*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
  ],
  good: [
    "*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p udp --dport 22 -j ACCEPT\nCOMMIT\n",
    "*filter\n-A INPUT -m limit --limit 1/s -j ACCEPT\n-A INPUT -m limit --limit 1/s -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) =>
    [...duplicatesOf(context)].map(([placed, first]) =>
      aboutRule(
        placed,
        context,
        `the rule equals rule ${first.number} of \`${first.chain.name}\`, which takes all its packets; remove one of them`,
        {
          related: [placeOf(first, context, `\`${nameOf(first)}\` is the same`)],
          fix: removeRule(placed, context),
        },
      ),
    ),
});
