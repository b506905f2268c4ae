import type { TableName } from "../extensions/extension.ts";
import { printRuleSpecification } from "../model/print-rule.ts";
import type { Chain, Rule, Ruleset, Table } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";

/**
 * The new rule set with the old one's objects wherever a chain has the same rule: what has a memory (`limit`, `recent` …) is
 * one and the same to an analysis where its rule is. Of rules that a chain has more than once the first is the first.
 * The second part gives the new rules back, which know where they were written.
 */
export function withSameRules(
  before: Ruleset,
  after: Ruleset,
): { readonly ruleset: Ruleset; readonly written: ReadonlyMap<Rule, Rule> } {
  const written = new Map<Rule, Rule>();
  const tables = new Map<TableName, Table>();
  for (const [name, table] of after.tables) {
    const chains = new Map<string, Chain>();
    for (const [chainName, chain] of table.chains) {
      const old = before.tables.get(name)?.chains.get(chainName)?.rules ?? [];
      const rules = sameRules(old, chain.rules, after.family, written);
      chains.set(chainName, { ...chain, rules });
    }
    tables.set(name, { ...table, chains });
  }
  return { ruleset: { ...after, tables }, written };
}

function sameRules(
  old: readonly Rule[],
  rules: readonly Rule[],
  family: Family,
  written: Map<Rule, Rule>,
): readonly Rule[] {
  const byText = new Map<string, Rule[]>();
  for (const rule of old) {
    const text = printRuleSpecification(rule, family);
    const list = byText.get(text);
    if (list) list.push(rule);
    else byText.set(text, [rule]);
  }
  return rules.map((rule) => {
    const same = byText.get(printRuleSpecification(rule, family))?.shift();
    if (same) written.set(same, rule);
    return same ?? rule;
  });
}
