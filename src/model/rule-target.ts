import type { Rule } from "./ruleset.ts";

/** The chain that a rule jumps or goes to. */
export const jumpOf = ({ target }: Rule): string | undefined =>
  target.kind === "jump" || target.kind === "goto" ? target.chain : undefined;
