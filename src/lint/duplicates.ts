import { printMeaning } from "../model/rule-meaning.ts";
import type { LintContext } from "./rule.ts";
import { decisionOf, formulaOf, hasLeaf } from "./rule-facts.ts";
import { type PlacedRule, rulesOf } from "./rules-of.ts";

const known = new WeakMap<LintContext["ruleset"], ReadonlyMap<PlacedRule, PlacedRule>>();

/** Rules that an equal one stands before in the same chain, comments aside, with that one. */
export function duplicatesOf(context: LintContext): ReadonlyMap<PlacedRule, PlacedRule> {
  let found = known.get(context.ruleset);
  if (!found) {
    found = findDuplicates(context);
    known.set(context.ruleset, found);
  }
  return found;
}

function findDuplicates(context: LintContext): ReadonlyMap<PlacedRule, PlacedRule> {
  const found = new Map<PlacedRule, PlacedRule>();
  const firsts = new Map<string, PlacedRule>();
  for (const placed of rulesOf(context.ruleset)) {
    const key = `${placed.table}/${placed.chain.name} ${printMeaning(placed.rule, context.ruleset.family)}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, placed);
    else if (endsWalk(placed, context) && !hasLeaf(formulaOf(placed, context), "stateful", "unknown")) {
      found.set(placed, first);
    }
  }
  return found;
}

const endsWalk = (placed: PlacedRule, context: LintContext): boolean =>
  decisionOf(placed, context) !== undefined || placed.rule.target.kind === "goto";
