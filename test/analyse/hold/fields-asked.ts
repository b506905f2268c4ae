import type { Formula } from "../../../src/formula/formula.ts";
import { ruleFormula, siteOf } from "../../../src/model/rule-formula.ts";
import type { Ruleset } from "../../../src/model/ruleset.ts";
import type { Field } from "../../../src/packet/fields.ts";

/** The fields that any rule's conditions ask for. */
export function fieldsAsked(ruleset: Ruleset): ReadonlySet<Field> {
  const found = new Set<Field>();
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of chain.rules) {
        gather(ruleFormula(rule, siteOf(ruleset.family, table.name, rule.spec)), found);
      }
    }
  }
  return found;
}

function gather(formula: Formula, into: Set<Field>): void {
  switch (formula.kind) {
    case "and":
    case "or":
      for (const part of formula.of) gather(part, into);
      return;
    case "not":
      gather(formula.of, into);
      return;
    case "in":
    case "masked":
      into.add(formula.field);
      return;
    default:
  }
}
