import { type SetRule, setRulesOf } from "./dead-rules.ts";
import type { LintContext } from "./rule.ts";
import { type Decision, decisionOf } from "./rule-facts.ts";
import { isUnconditional } from "./rules-of.ts";

/** Two rules of a chain that decide differently about packets that both would match. */
export interface Pair {
  readonly earlier: SetRule;
  readonly later: SetRule;
  readonly decisions: readonly [earlier: Decision, later: Decision];
  /** Whether the later one wants all that the earlier one wants. */
  readonly wider: boolean;
}

/** All such pairs, each later rule with its nearest such earlier one; rules without conditions are what is left over, not counted. */
export function pairsOf(context: LintContext): readonly Pair[] {
  const { space } = context.analysis();
  const pairs: Pair[] = [];
  let before: { rule: SetRule; decision: Decision }[] = [];
  for (const rule of setRulesOf(context)) {
    const { placed, reach, wanted } = rule;
    if (before[0]?.rule.placed.chain !== placed.chain) before = [];
    const decision = decisionOf(placed, context);
    if (decision === undefined || decision === "RETURN" || !reach.isMatched || isUnconditional(placed.rule))
      continue;
    for (const other of before) {
      if (other.decision === decision || space.disjoint(other.rule.reach.matched, wanted)) continue;
      const wider = space.implies(other.rule.wanted, wanted);
      if (!wider && space.implies(wanted, other.rule.wanted)) continue;
      pairs.push({ earlier: other.rule, later: rule, decisions: [other.decision, decision], wider });
    }
    before.push({ rule, decision });
  }
  return pairs;
}
