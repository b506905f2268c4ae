import type { SetNames } from "../../src/arg-types/arg-type.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import type { TableName } from "../../src/extensions/extension.ts";
import { bindCommand } from "../../src/model/bind.ts";
import { applyCommand } from "../../src/model/edit.ts";
import { printRuleSpecification } from "../../src/model/print-rule.ts";
import type { Rule, Ruleset } from "../../src/model/ruleset.ts";
import type { Family } from "../../src/packet/address.ts";
import type { Word } from "../../src/syntax/tree.ts";

/** Splits as a shell does: blanks, single and double quotes, backslash in double quotes. */
export function shellWords(text: string): readonly Word[] {
  const pattern = /(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])+/g;
  return [...text.matchAll(pattern)].map((found) => ({
    text: found[0].replace(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single?: string, double?: string) =>
      single === undefined ? (double ?? "").replace(/\\(["\\$`])/g, "$1") : single,
    ),
    span: { start: found.index, end: found.index + found[0].length },
    quoted: /['"]/.test(found[0]),
  }));
}

export interface Trial {
  readonly rule: string;
  readonly family?: Family;
  /** `table/CHAIN`; `filter/INPUT` unless told. */
  readonly at?: string;
  /** The host's ipsets; any name will do where they are not told. */
  readonly sets?: SetNames;
}

export type Tried =
  | { readonly rule: Rule; readonly saves: string }
  | { readonly code: string; readonly message: string };

/** Appends a rule to an empty rule set, as `iptables -A` would. */
export function tryRule({ rule, family = "ipv4", at = "filter/INPUT", sets }: Trial): Tried {
  const [table = "filter", chain = "INPUT"] = at.split("/");
  const run = (ruleset: Ruleset, text: string) => {
    const site = { source: { name: "test", text }, family, sets };
    const { value, diagnostics } = bindCommand(shellWords(text), site);
    const error = diagnostics.find(({ severity }: Diagnostic) => severity === "error");
    if (error) return { refused: { code: error.code, message: error.message } };
    // `-h`, and what abbreviates it
    if (!value) return { refused: { code: "no-effect", message: "the command does nothing" } };
    const applied = applyCommand(ruleset, value);
    if (applied.result.ok) return { ruleset: applied.ruleset };
    const { code, message } = applied.result.refusal;
    return { refused: { code, message } };
  };
  let ruleset: Ruleset = { family, tables: new Map() };
  if (!/^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain)) {
    ruleset = run(ruleset, `-t ${table} -N ${chain}`).ruleset ?? ruleset;
  }
  const outcome = run(ruleset, `-t ${table} -A ${chain} ${rule}`);
  if (outcome.refused) return outcome.refused;
  const made = outcome.ruleset.tables.get(table as TableName)?.chains.get(chain)?.rules[0];
  if (!made) throw new Error(`no rule came of: ${rule}`);
  return { rule: made, saves: printRuleSpecification(made, family) };
}
