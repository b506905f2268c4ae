import { analyse } from "../../src/analyse/analyse.ts";
import { lintRules } from "../../src/lint/registry.ts";
import type { LintRule } from "../../src/lint/rule.ts";
import { type LintResult, lint } from "../../src/lint/run.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";

/** Lints a text with some rules, all of them unless told; scripts that run both programs count for both families. */
export function lintText(text: string, rules: readonly LintRule[] = lintRules): LintResult {
  const source = { name: "rules", text };
  const both = /\biptables /.test(text) && /\bip6tables /.test(text);
  const four = parseRuleset(text, { family: "ipv4", filename: source.name });
  const six = parseRuleset(text, { family: "ipv6", filename: source.name });
  const halves = both
    ? ([
        [four, six.ruleset],
        [six, four.ruleset],
      ] as const)
    : ([[four, undefined]] as const);
  return lint(
    halves.map(([{ ruleset, diagnostics }, sibling]) => ({
      ruleset,
      source,
      diagnostics,
      sibling,
      analysis: () => analyse(ruleset),
    })),
    { rules, levels: new Map() },
  );
}
