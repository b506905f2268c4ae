import type { Family } from "../packet/address.ts";
import { printMatch, printSpec, printTarget } from "./print-rule.ts";
import type { MatchUse, Rule } from "./ruleset.ts";

/** The matches of a rule that ask something: not its comment. */
export const askingMatches = ({ matches }: Rule): readonly MatchUse[] =>
  matches.filter((use) => use.kind === "unknown" || use.match.name !== "comment");

/** The rule's text without its comment: equal for rules that do the same. */
export function printMeaning(rule: Rule, family: Family): string {
  const { spec, target } = rule;
  const matches = askingMatches(rule).map((use) => printMatch(use, spec, family));
  return [...printSpec(spec), ...matches, printTarget(target, spec, family)].join(" ");
}
