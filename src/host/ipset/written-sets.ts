import { argsOf, siteOf } from "../../model/rule-formula.ts";
import type { Ruleset } from "../../model/ruleset.ts";

/** The sets that `-j SET` of some rule puts packets into or takes them out of. */
export function writtenSets({ family, tables }: Ruleset): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name: table, chains } of tables.values()) {
    for (const { spec, target } of [...chains.values()].flatMap(({ rules }) => rules)) {
      if (target.kind !== "known" || target.target.name !== "SET") continue;
      for (const effect of target.target.effects(argsOf(target.args), siteOf(family, table, spec))) {
        if (effect.kind !== "set") continue;
        for (const set of [effect.add, effect.remove]) if (set) names.add(set.name);
      }
    }
  }
  return names;
}
