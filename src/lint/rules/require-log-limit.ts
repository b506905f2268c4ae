import { jumpOf } from "../../model/rule-target.ts";
import { defineRule } from "../define-rule.ts";
import type { LintContext } from "../rule.ts";
import { formulaOf, hasLeaf } from "../rule-facts.ts";
import { aboutRule, type PlacedRule, rulesOf, targetName } from "../rules-of.ts";

/** Whether every way into the rule's chain asks something with a memory; looks one jump up. */
function callersLimited(placed: PlacedRule, all: readonly PlacedRule[], context: LintContext): boolean {
  const callers = all.filter(
    (other) => other.table === placed.table && jumpOf(other.rule) === placed.chain.name,
  );
  return callers.length > 0 && callers.every((caller) => hasLeaf(formulaOf(caller, context), "stateful"));
}

export const requireLogLimit = defineRule({
  id: "NV303",
  name: "require-log-limit",
  level: "info",
  summary: "A `LOG` that nothing holds back",
  why: "Anybody who can send packets to such a rule can fill the log, and the disk behind it, at line rate. `-m limit` or `-m hashlimit` keeps it readable.",
  exceptions:
    "Rules for packets that only the host itself or a trusted network sends; logs that are throttled elsewhere.",
  bad: ['*filter\n-A INPUT -j LOG --log-prefix "dropped: "\nCOMMIT\n'],
  good: ['*filter\n-A INPUT -m limit --limit 5/min -j LOG --log-prefix "dropped: "\nCOMMIT\n'],
  check(context) {
    const all = rulesOf(context.ruleset);
    return all
      .filter((placed) => targetName(placed.rule) === "LOG")
      .filter((placed) => !hasLeaf(formulaOf(placed, context), "stateful", "unknown"))
      .filter((placed) => !callersLimited(placed, all, context))
      .map((placed) =>
        aboutRule(
          placed,
          context,
          "nothing limits this `LOG`: a flood of packets floods the log; add `-m limit`",
        ),
      );
  },
});
