import type { Formula } from "../../formula/formula.ts";
import { argsOf, siteOf } from "../../model/rule-formula.ts";
import type { Ruleset } from "../../model/ruleset.ts";

/** A text that `-m string` looks for, and the byte of the packet from which on it counts. */
export interface Pattern {
  readonly bytes: Uint8Array;
  readonly from: number;
}

/** The texts that rules look for, by the name of what decides (`FreeVariable.name`). */
export function patternsOf(...rulesets: readonly Ruleset[]): ReadonlyMap<string, Pattern> {
  const patterns = new Map<string, Pattern>();
  for (const { family, tables } of rulesets) {
    for (const table of tables.values()) {
      for (const { rules } of table.chains.values()) {
        for (const { matches, spec } of rules) {
          for (const use of matches) {
            if (use.kind !== "known" || use.match.name !== "string") continue;
            const bytes = (use.args["string"] ?? use.args["hex-string"])?.value;
            const from = use.args["from"]?.value;
            if (!(bytes instanceof Uint8Array) || typeof from !== "number") continue;
            const key = keyIn(use.match.meaning(argsOf(use.args), siteOf(family, table.name, spec)));
            if (key !== undefined) patterns.set(key, { bytes, from });
          }
        }
      }
    }
  }
  return patterns;
}

function keyIn(formula: Formula): string | undefined {
  if (formula.kind === "not") return keyIn(formula.of);
  return formula.kind === "opaque" ? formula.key : undefined;
}
