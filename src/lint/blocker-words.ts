import type { Blocker } from "./dead-rules.ts";
import type { LintContext, LintPlace } from "./rule.ts";
import { nameOf, placeOf } from "./rules-of.ts";

/** Blockers named one by one; the rest are only counted. */
const named = 3;

/** A verb behind them. */
export const agrees = (blockers: readonly Blocker[], one: string, several: string): string =>
  blockers.length === 1 ? one : several;

/** `rule 3`, or `rules 3, 5, 9 and 12 others together`. */
export function blockerNames(blockers: readonly Blocker[]): string {
  const numbers = blockers.map(({ placed }) => placed.number);
  if (numbers.length === 1) return `rule ${numbers[0]}`;
  const more = numbers.length - named;
  if (more > 0) return `rules ${numbers.slice(0, named).join(", ")} and ${more} more together`;
  return `rules ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)} together`;
}

/** What the blockers do: `ACCEPT`, or `ACCEPT or DROP`. */
export const blockerDecisions = (blockers: readonly Blocker[]): string =>
  [...new Set(blockers.flatMap(({ decisions }) => [...decisions]))].join(" or ");

export const blockerPlaces = (blockers: readonly Blocker[], context: LintContext): readonly LintPlace[] =>
  blockers.map(({ placed, decisions }) => {
    const what = decisions.size === 0 ? "" : `: ${[...decisions].join(" or ")}`;
    return placeOf(placed, context, `\`${nameOf(placed)}\` takes them${what}`);
  });
