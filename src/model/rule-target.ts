import type { Rule, TargetUse } from "./ruleset.ts";

/** The names that libiptc keeps for itself: no chain can have them. */
export const standardVerdicts: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "QUEUE", "RETURN"]);

/** A rule that jumps or goes to a chain. */
export type JumpRule = Rule & { readonly target: Extract<TargetUse, { readonly chain: string }> };

export const isJump = (rule: Rule): rule is JumpRule =>
  rule.target.kind === "jump" || rule.target.kind === "goto";

/** The chain that a rule jumps or goes to. */
export const jumpOf = (rule: Rule): string | undefined => (isJump(rule) ? rule.target.chain : undefined);
