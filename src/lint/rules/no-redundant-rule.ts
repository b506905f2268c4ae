import { agrees, blockerNames, blockerPlaces } from "../blocker-words.ts";
import { shadowedOf } from "../dead-rules.ts";
import { defineRule } from "../define-rule.ts";
import { removeRule } from "../remove-rule.ts";
import { aboutRule } from "../rules-of.ts";

export const noRedundantRule = defineRule({
  id: "NV102",
  name: "no-redundant-rule",
  level: "warning",
  summary: "A rule whose packets are all taken before it, and treated the same",
  why: "Rules before it decide about all its packets just as it would. It changes nothing, costs time for every packet that passes it, and gives its readers the wrong idea of why something is allowed: deleting it closes nothing.",
  exceptions: "Rules kept for the day when a wider one before them goes.",
  bad: [
    "*filter\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 10.1.2.3/32 -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
    "*filter\n-A INPUT -p tcp --dport 0:1023 -j DROP\n-A INPUT -p tcp --dport 1024:65535 -j DROP\n-A INPUT -p tcp -s 192.0.2.1/32 -j DROP\nCOMMIT\n",
  ],
  good: [
    "*filter\n-A INPUT -s 10.0.0.0/16 -j ACCEPT\n-A INPUT -s 10.1.2.3/32 -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) =>
    shadowedOf(context)
      .filter(({ same }) => same)
      .map(({ placed, blockers }) => {
        const message = `the rule changes nothing: ${blockerNames(blockers)} of \`${placed.chain.name}\` ${agrees(blockers, "does", "do")} the same to all its packets before it; remove it`;
        return aboutRule(placed, context, message, {
          related: blockerPlaces(blockers, context),
          assumptions: context.analysis().assumptions,
          fix: removeRule(placed, context),
        });
      }),
});
