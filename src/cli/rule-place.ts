import type { RulePlaceText } from "../analyse/rule-hits.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { UsageError } from "./exit-status.ts";

/** Reads `filter/INPUT:7` or `filter/INPUT:policy`. Throws `UsageError` where the rules have no such place. */
export function readRulePlace(text: string, { tables }: Ruleset): RulePlaceText {
  const [, tableName = "", chainName = "", what = ""] = /^([^/]+)\/(.+):(\d+|policy)$/.exec(text) ?? [];
  if (what === "") throw new UsageError(`\`${text}\` names no rule: write e.g. filter/INPUT:7`);
  const table = [...tables.values()].find(({ name }) => name === tableName);
  if (!table) throw new UsageError(`the rules have no table \`${tableName}\``);
  const chain = table.chains.get(chainName);
  if (!chain) throw new UsageError(`the table ${tableName} has no chain \`${chainName}\``);
  const place = { table: table.name, chain: chainName };
  if (what === "policy") {
    if (chain.policy === undefined)
      throw new UsageError(`${chainName} is no built-in chain: it has no policy`);
    return { ...place, number: "policy" };
  }
  const number = Number(what);
  if (number < 1 || number > chain.rules.length)
    throw new UsageError(`${tableName}/${chainName} has ${chain.rules.length} rules, and no number ${what}`);
  return { ...place, number };
}
