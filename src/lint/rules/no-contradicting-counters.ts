import { jumpOf } from "../../model/rule-target.ts";
import { defineRule } from "../define-rule.ts";
import type { LintContext } from "../rule.ts";
import { aboutRule, type PlacedRule, rulesOf } from "../rules-of.ts";

/** How many packets entered each user-defined chain, by the counters of the rules that lead there. */
function entrances(context: LintContext, all: readonly PlacedRule[]): ReadonlyMap<string, bigint> {
  const entered = new Map<string, bigint>();
  for (const { table, rule } of all) {
    const to = jumpOf(rule);
    if (to === undefined) continue;
    const key = `${table}/${to}`;
    entered.set(key, (entered.get(key) ?? 0n) + rule.counters.packets);
  }
  const counted = [...context.ruleset.tables.values()].some(({ chains }) =>
    [...chains.values()].some((chain) => chain.rules.some((rule) => rule.counters.packets > 0n)),
  );
  return counted ? entered : new Map();
}

export const noContradictingCounters = defineRule({
  id: "NV403",
  name: "no-contradicting-counters",
  level: "info",
  summary: "A rule that counted more packets than its chain was entered by",
  why: "The counters were not all started together: the jump was replaced, or counters were zeroed one by one. Whoever calls a rule unused because it counted nothing should know.",
  exceptions:
    "Dumps of hosts whose programs rewrite their jumps (Docker, fail2ban) look like this all the time.",
  bad: [
    "*filter\n:ssh - [0:0]\n[5:300] -A INPUT -p tcp --dport 22 -j ssh\n[9:540] -A ssh -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n",
  ],
  good: [
    "*filter\n:ssh - [0:0]\n[9:540] -A INPUT -p tcp --dport 22 -j ssh\n[5:300] -A ssh -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n",
  ],
  check(context) {
    const all = rulesOf(context.ruleset);
    const entered = entrances(context, all);
    const told = new Set<string>();
    return all.flatMap((placed) => {
      const key = `${placed.table}/${placed.chain.name}`;
      const limit = entered.get(key);
      const { packets } = placed.rule.counters;
      if (limit === undefined || packets <= limit || told.has(key)) return [];
      told.add(key);
      const message = `the rule counted ${packets} packets, but only ${limit} entered \`${placed.chain.name}\`: the counters were not started together; zero them all before you judge by them`;
      return [aboutRule(placed, context, message)];
    });
  },
});
