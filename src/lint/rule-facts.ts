import type { Formula } from "../formula/formula.ts";
import { argsOf, ruleFormula, siteOf } from "../model/rule-formula.ts";
import type { Rule } from "../model/ruleset.ts";
import { ctstates } from "../packet/connection.ts";
import type { LintContext } from "./rule.ts";
import { matchOf, type PlacedRule } from "./rules-of.ts";

export type Decision = "ACCEPT" | "DROP" | "REJECT" | "QUEUE" | "RETURN" | "NAT";

/** What a rule's own target decides; `undefined` where the walk goes on, or into another chain. */
export function decisionOf(
  { rule, table, chain }: PlacedRule,
  { ruleset }: LintContext,
): Decision | undefined {
  const { target, spec } = rule;
  if (target.kind !== "known") return undefined;
  const site = siteOf(ruleset.family, table, spec, chain.hook ? [chain.hook] : undefined);
  for (const effect of target.target.effects(argsOf(target.args), site)) {
    switch (effect.kind) {
      case "verdict":
        return effect.verdict;
      case "reject":
        return "REJECT";
      case "nfqueue":
        return "QUEUE";
      case "nat":
      case "netmap":
      case "masquerade":
      case "redirect":
        return "NAT";
      default:
    }
  }
  return undefined;
}

/** What a rule asks of a packet, as one formula. */
export function formulaOf({ rule, table, chain }: PlacedRule, { ruleset, backend }: LintContext): Formula {
  const site = siteOf(ruleset.family, table, rule.spec, chain.hook ? [chain.hook] : undefined);
  return ruleFormula(rule, { ...site, backend });
}

/** Whether any leaf of a formula is of one of these kinds. */
export function hasLeaf(formula: Formula, ...kinds: readonly Formula["kind"][]): boolean {
  if (kinds.includes(formula.kind)) return true;
  switch (formula.kind) {
    case "and":
    case "or":
      return formula.of.some((part) => hasLeaf(part, ...kinds));
    case "not":
    case "hotdrop":
      return hasLeaf(formula.of, ...kinds);
    default:
      return false;
  }
}

/** Bits of `ctstates` with which a rule may match as far as `state` and `conntrack --ctstate` say; all where it asks for none. */
export function statesOf(rule: Rule): number {
  let states = Object.values(ctstates).reduce((all, bit) => all | bit, 0);
  for (const name of ["state", "conntrack"]) {
    const arg = matchOf(rule, name)?.args[name === "state" ? "state" : "ctstate"];
    if (typeof arg?.value === "number") states &= arg.inverted ? ~arg.value : arg.value;
  }
  return states;
}

/** Whether a rule asks for the connection's state at all. */
export const asksState = (rule: Rule): boolean =>
  matchOf(rule, "state") !== undefined || matchOf(rule, "conntrack")?.args["ctstate"] !== undefined;
