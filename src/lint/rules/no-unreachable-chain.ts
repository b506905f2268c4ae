import { jumpOf } from "../../model/rule-target.ts";
import type { Table } from "../../model/ruleset.ts";
import { aboutChain, chainsFrom } from "../chain-facts.ts";
import { defineRule } from "../define-rule.ts";
import type { LintContext } from "../rule.ts";
import { type PlacedRule, placeOf, rulesOf } from "../rules-of.ts";

/** The table's rules that lead to each chain. */
function jumpsOf(table: Table, { ruleset }: LintContext): ReadonlyMap<string, readonly PlacedRule[]> {
  const jumps = new Map<string, PlacedRule[]>();
  for (const placed of rulesOf(ruleset)) {
    const to = jumpOf(placed.rule);
    if (placed.table !== table.name || to === undefined) continue;
    const known = jumps.get(to);
    if (known) known.push(placed);
    else jumps.set(to, [placed]);
  }
  return jumps;
}

export const noUnreachableChain = defineRule({
  id: "NV108",
  name: "no-unreachable-chain",
  level: "warning",
  summary: "A chain that is jumped to, but only from where no packet comes",
  why: "The chain looks used: rules name it. But those rules stand behind an unconditional end or in chains that themselves cannot be reached from a built-in chain, so nothing in it ever counts.",
  exceptions: "None that we know of.",
  bad: [
    "*filter\n:log - [0:0]\n:ssh - [0:0]\n-A INPUT -j DROP\n-A INPUT -p tcp --dport 22 -j ssh\n-A ssh -j ACCEPT\nCOMMIT\n",
  ],
  good: [
    "*filter\n:ssh - [0:0]\n-A INPUT -p tcp --dport 22 -j ssh\n-A INPUT -j DROP\n-A ssh -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) =>
    [...context.ruleset.tables.values()].flatMap((table) => {
      const builtIn = [...table.chains.values()].filter((chain) => chain.hook !== undefined);
      const reached = new Set(
        chainsFrom(
          table,
          builtIn.map((chain) => chain.name),
        ),
      );
      const jumps = jumpsOf(table, context);
      return [...table.chains.values()].flatMap((chain) => {
        if (reached.has(chain)) return [];
        const from = jumps.get(chain.name) ?? [];
        if (from.length === 0) return [];
        const related = from.map((placed) => placeOf(placed, context, "no packet takes this jump"));
        const message = `no packet reaches chain \`${chain.name}\` of ${table.name}: the rules that jump to it can't be reached themselves; move the jump to where packets pass`;
        return [aboutChain(table, chain, context, message, related)];
      });
    }),
});
