import type { Rule } from "./ruleset.ts";

/** The names that libiptc keeps for itself: no chain can have them. */
export const standardVerdicts: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "QUEUE", "RETURN"]);

/** The chain that a rule jumps or goes to. */
export const jumpOf = ({ target }: Rule): string | undefined =>
  target.kind === "jump" || target.kind === "goto" ? target.chain : undefined;
