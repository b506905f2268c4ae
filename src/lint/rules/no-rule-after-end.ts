import { defineRule } from "../define-rule.ts";
import type { LintContext } from "../rule.ts";
import { decisionOf } from "../rule-facts.ts";
import { aboutRule, isUnconditional, nameOf, type PlacedRule, placeOf, rulesOf } from "../rules-of.ts";

/** The first rule of each chain that no packet gets past, by its text. */
export function endsOf(context: LintContext): ReadonlyMap<string, PlacedRule> {
  const ends = new Map<string, PlacedRule>();
  for (const placed of rulesOf(context.ruleset)) {
    const key = `${placed.table}/${placed.chain.name}`;
    if (ends.has(key) || !isUnconditional(placed.rule)) continue;
    if (decisionOf(placed, context) !== undefined || placed.rule.target.kind === "goto")
      ends.set(key, placed);
  }
  return ends;
}

export const noRuleAfterEnd = defineRule({
  id: "NV111",
  name: "no-rule-after-end",
  level: "warning",
  summary: "Rules behind one that takes every packet",
  why: "A rule without conditions whose target ends the walk (`ACCEPT`, `DROP`, `REJECT`, `RETURN`, `-g` …) is the last one that any packet sees in its chain. What stands behind it was most often appended with `-A` where `-I` was meant.",
  exceptions:
    "A switch that is set by hand for a while: an unconditional rule put before the others and deleted later.",
  bad: ["*filter\n-A INPUT -j DROP\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"],
  good: ["*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n"],
  check(context) {
    return [...endsOf(context).values()].flatMap((end) => {
      const { chain, number, table } = end;
      const first = chain.rules[number];
      if (!first) return [];
      const dead = chain.rules.length - number;
      const what =
        dead === 1
          ? "no packet reaches this rule"
          : `no packet reaches this rule and the ${dead - 1} behind it`;
      const message = `${what}: rule ${number} of \`${chain.name}\` takes every packet; put the rules before it or remove them`;
      const related = [placeOf(end, context, `\`${nameOf(end)}\` has no condition`)];
      return [aboutRule({ table, chain, number: number + 1, rule: first }, context, message, { related })];
    });
  },
});
