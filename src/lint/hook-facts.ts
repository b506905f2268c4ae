import type { Chain, Table } from "../model/ruleset.ts";
import { ctstates } from "../packet/connection.ts";
import { rulesFrom } from "./chain-facts.ts";
import type { LintContext } from "./rule.ts";
import { type Decision, decisionOf, statesOf } from "./rule-facts.ts";
import { isUnconditional, type PlacedRule } from "./rules-of.ts";

/** What the text says of a built-in chain of the filter table and all that it jumps to. */
export interface HookFacts {
  readonly table: Table;
  readonly chain: Chain;
  readonly rules: readonly PlacedRule[];
  readonly decisions: readonly (Decision | undefined)[];
  /** Whether what no rule speaks of is kept out: by policy, or by a last rule that takes the rest. */
  readonly keepsOut: boolean;
}

export function hookFacts(context: LintContext, hook: "INPUT" | "FORWARD" | "OUTPUT"): HookFacts | undefined {
  const table = context.ruleset.tables.get("filter");
  const chain = table?.chains.get(hook);
  if (!table || !chain) return undefined;
  const rules = rulesFrom(table, hook);
  const decisions = rules.map((placed) => decisionOf(placed, context));
  const takesRest = rules.some(
    ({ rule, chain: { name } }, index) =>
      name === hook &&
      isUnconditional(rule) &&
      (decisions[index] === "DROP" || decisions[index] === "REJECT"),
  );
  return { table, chain, rules, decisions, keepsOut: chain.policy === "DROP" || takesRest };
}

/** Whether the rule can match packets of connections that are known already. */
export const takesEstablished = ({ rule }: PlacedRule): boolean =>
  (statesOf(rule) & ctstates.ESTABLISHED) !== 0;
