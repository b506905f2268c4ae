import type { PacketSpace } from "../analyse/packet-space.ts";
import type { Blocker } from "./dead-rules.ts";
import type { LintContext } from "./rule.ts";
import { decisionOf } from "./rule-facts.ts";
import type { PlacedRule } from "./rules-of.ts";

/**
 * Of the rules that take a rule's packets, as few as match all of them: rules that take a part earlier need not be named where
 * a later one would take everything. All of them where they do not decide themselves, but lead to other chains.
 */
export function coverOf(
  conditions: number,
  blockers: readonly Blocker[],
  conditionsOf: (rule: PlacedRule["rule"]) => number | undefined,
  context: LintContext,
): readonly Blocker[] {
  const { space } = context.analysis();
  const deciding = blockers.filter(({ placed }) => decisionOf(placed, context) !== undefined);
  const parts = deciding.map((blocker) => ({
    blocker,
    part: space.and(conditions, conditionsOf(blocker.placed.rule) ?? 0),
  }));
  const single = parts.findLast(({ part }) => part === conditions);
  if (single) return [single.blocker];
  const chosen = withoutNeedless(parts, conditions, space);
  return chosen ? chosen.map(({ blocker }) => blocker) : blockers;
}

interface Part {
  readonly blocker: Blocker;
  readonly part: number;
}

/** Takes parts from the end, where rules are widest, until they are enough; then leaves out what the others have. */
function withoutNeedless(
  parts: readonly Part[],
  whole: number,
  space: PacketSpace,
): readonly Part[] | undefined {
  let chosen: readonly Part[] = [];
  let union = 0;
  for (const one of [...parts].reverse()) {
    if (union === whole) break;
    const wider = space.or(union, one.part);
    if (wider === union) continue;
    union = wider;
    chosen = [one, ...chosen];
  }
  if (union !== whole) return undefined;
  for (const one of chosen) {
    const others = chosen.filter((other) => other !== one);
    if (space.union(others.map(({ part }) => part)) === whole) chosen = others;
  }
  return chosen;
}
