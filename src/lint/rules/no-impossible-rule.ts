import { hooksOfPath, paths } from "../../analyse/path.ts";
import { ctstates } from "../../packet/connection.ts";
import { setRulesOf } from "../dead-rules.ts";
import { defineRule } from "../define-rule.ts";
import type { LintContext } from "../rule.ts";
import { formulaOf, hasLeaf, statesOf } from "../rule-facts.ts";
import { aboutRule, type PlacedRule } from "../rules-of.ts";

const natSees = ctstates.NEW | ctstates.RELATED | ctstates.SNAT | ctstates.DNAT;

function whyNone({ chain }: PlacedRule, conditions: number, context: LintContext): string {
  const { space } = context.analysis();
  if (conditions === 0) return "its conditions contradict each other; correct them or remove the rule";
  if (chain.hook === undefined)
    return `none that satisfies its conditions comes to \`${chain.name}\`; correct the conditions, or what leads there, or remove the rule`;
  const { hook } = chain;
  const here = paths.filter((path) => hooksOfPath[path].includes(hook));
  if (here.every((path) => space.disjoint(conditions, space.domain(path))))
    return `none at \`${hook}\` satisfies its conditions; correct them or remove the rule`;
  return `those that satisfy its conditions are dropped, or changed by NAT or marks, before they come to \`${chain.name}\`; remove the rule, or look at the tables before it`;
}

export const noImpossibleRule = defineRule({
  id: "NV103",
  name: "no-impossible-rule",
  level: "warning",
  summary: "A rule that no packet can match",
  why: "Its conditions contradict each other, or what the jumps to its chain let through: a port of TCP in a chain for UDP, an outgoing interface on INPUT, a network inside one that was excluded. The rule is there and does nothing.",
  exceptions:
    "A match that reads a header (`-m tcp`, `-m mh` …) drops packets whose header is cut short, also in a rule that matches none: without the rule such packets go on.",
  bad: [
    "*filter\n-A INPUT -s 10.0.0.0/8 -m iprange --src-range 192.0.2.1-192.0.2.9 -j ACCEPT\nCOMMIT\n",
    "*filter\n:udp-in - [0:0]\n-A INPUT -p udp -j udp-in\n-A udp-in -p tcp --dport 53 -j ACCEPT\nCOMMIT\n",
  ],
  good: [
    "*filter\n-A INPUT -s 192.0.2.0/24 -m iprange --src-range 192.0.2.1-192.0.2.9 -j ACCEPT\nCOMMIT\n",
    "*filter\n:udp-in - [0:0]\n-A INPUT -p udp -j udp-in\n-A udp-in -p udp --dport 53 -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) =>
    setRulesOf(context)
      .filter(({ reach }) => !reach.isMatched)
      .filter(({ wanted }) => wanted === 0)
      .filter(({ placed }) => !hasLeaf(formulaOf(placed, context), "unknown"))
      // NV205 tells of those
      .filter(({ placed }) => placed.table !== "nat" || (statesOf(placed.rule) & natSees) !== 0)
      .map(({ placed, reach }) => {
        const message = `no packet can match this rule: ${whyNone(placed, reach.conditions, context)}`;
        return aboutRule(placed, context, message, { assumptions: context.analysis().assumptions });
      }),
});
