import type { LintRule } from "./rule.ts";

/** Gives a rule its type; the registry lists all of them. */
export const defineRule = (rule: LintRule): LintRule => rule;
