import { setRulesOf } from "../dead-rules.ts";
import { defineRule } from "../define-rule.ts";
import { aboutRule, isUnconditional } from "../rules-of.ts";

export const noNeedlessConditions = defineRule({
  id: "NV104",
  name: "no-needless-conditions",
  level: "info",
  optional: true,
  summary: "A rule with conditions that every packet meets that gets to it",
  why: "What the rule asks is true of every packet that reaches it, because rules or jumps before it let nothing else through. The rule takes everything, and what stands behind it is dead, though it does not look so.",
  exceptions: "Conditions repeated for the reader. The rule is off unless enabled.",
  bad: ["*filter\n:web - [0:0]\n-A INPUT -p tcp --dport 80 -j web\n-A web -p tcp -j ACCEPT\nCOMMIT\n"],
  good: ["*filter\n:web - [0:0]\n-A INPUT -p tcp --dport 80 -j web\n-A web -j ACCEPT\nCOMMIT\n"],
  check: (context) =>
    setRulesOf(context)
      .filter(({ placed, reach }) => !isUnconditional(placed.rule) && reach.isReached && reach.matchesAll)
      .map(({ placed }) =>
        aboutRule(
          placed,
          context,
          "every packet that reaches this rule matches it: its conditions decide nothing here; leave them out or look at what stands before",
        ),
      ),
});
