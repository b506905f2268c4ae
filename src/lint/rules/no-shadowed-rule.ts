import { agrees, blockerDecisions, blockerNames, blockerPlaces } from "../blocker-words.ts";
import { shadowedOf } from "../dead-rules.ts";
import { defineRule } from "../define-rule.ts";
import { decisionOf } from "../rule-facts.ts";
import { aboutRule } from "../rules-of.ts";

export const noShadowedRule = defineRule({
  id: "NV101",
  name: "no-shadowed-rule",
  level: "warning",
  summary: "A rule whose packets are all taken before it, and treated otherwise",
  why: "The rule says what should become of some packets, and rules before it have decided about every one of them, not as it would. One rule or several together can do that. It is a proof over all packets, not a guess: whoever wrote the rule believes something that is not so.",
  exceptions:
    "Deliberate order: a rule that shall hold once a temporary one before it is gone. Say so with a pragma.",
  bad: [
    "*filter\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 10.1.2.3/32 -p tcp --dport 22 -j DROP\nCOMMIT\n",
    "*filter\n-A INPUT -p tcp --dport 0:1023 -j ACCEPT\n-A INPUT -p tcp --dport 1024:65535 -j ACCEPT\n-A INPUT -p tcp -s 192.0.2.1/32 -j DROP\nCOMMIT\n",
  ],
  good: [
    "*filter\n-A INPUT -s 10.1.2.3/32 -p tcp --dport 22 -j DROP\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n",
    "*filter\n-A INPUT -s 10.0.0.0/8 -m limit --limit 1/s -j ACCEPT\n-A INPUT -s 10.1.2.3/32 -j DROP\nCOMMIT\n",
  ],
  check: (context) =>
    shadowedOf(context)
      .filter(({ same }) => !same)
      .map(({ placed, blockers }) => {
        const theirs = blockerDecisions(blockers);
        const own = decisionOf(placed, context);
        const differ =
          own === undefined || theirs === own
            ? ""
            : `, which ${agrees(blockers, "says", "say")} ${theirs} where it says ${own}`;
        const message = `no packet reaches this rule that it would match: ${blockerNames(blockers)} of \`${placed.chain.name}\` ${agrees(blockers, "takes", "take")} them all${differ}; move it before them or remove it`;
        return aboutRule(placed, context, message, {
          related: blockerPlaces(blockers, context),
          assumptions: context.analysis().assumptions,
        });
      }),
});
