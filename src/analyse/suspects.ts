import type { Chain, Rule, Ruleset } from "../model/ruleset.ts";
import type { Analysis, PacketSet } from "./analysis.ts";
import { inCommonOrder } from "./common-rules.ts";

/**
 * The packets that may fare differently with two rule sets: those that match a rule that only one of the two has there, or
 * come to the end of a chain whose policy was changed. Any other packet goes the same way through both, rule by rule.
 * The rule sets share the objects of equal rules (diff-same-rules.ts).
 */
export function suspectsOf(before: Analysis, after: Analysis): PacketSet {
  const { space } = before;
  if (JSON.stringify(before.settings) !== JSON.stringify(after.settings)) return 1;
  const old = changesIn(before.ruleset, after.ruleset);
  const next = changesIn(after.ruleset, before.ruleset);
  return space.or(before.touched(old), after.touched(next));
}

/** The rules of one rule set that another has not, or has elsewhere; the chains whose policies differ. */
function changesIn(own: Ruleset, other: Ruleset): ReadonlySet<Rule | Chain> {
  const changes = new Set<Rule | Chain>();
  for (const [name, { chains }] of own.tables) {
    for (const [chainName, chain] of chains) {
      const counterpart = other.tables.get(name)?.chains.get(chainName);
      const common = inCommonOrder(counterpart?.rules ?? [], chain.rules);
      for (const rule of chain.rules) if (!common.has(rule)) changes.add(rule);
      if ((chain.policy ?? "ACCEPT") !== (counterpart?.policy ?? "ACCEPT")) changes.add(chain);
    }
  }
  return changes;
}
