import type { Trace } from "../../evaluate/trace.ts";
import type { Ruleset } from "../../model/ruleset.ts";
import type { Address, Family } from "../../packet/address.ts";
import type { Witness } from "./find-witness.ts";
import { hostOfStories, Stage, type StageOptions, waysOf } from "./stage.ts";
import type { Story } from "./story.ts";

/**
 * The witnesses whose packets fare the same when all are sent to one host, one story after the other: what a packets file
 * does. Left out are those that tell something else of the host than others do, or that what came before is in the way of.
 */
export function goTogether(
  witnesses: readonly Witness[],
  ruleset: Ruleset,
  options: StageOptions,
): ReadonlySet<Witness> {
  let time = options.now;
  let kept: readonly Witness[] = withoutClashes(witnesses, ruleset.family).filter(({ picked }) => {
    const inOrder = picked.at >= time;
    if (inOrder) time = picked.at;
    return inOrder;
  });
  for (;;) {
    const held = playAll(kept, ruleset, options);
    if (held.length === kept.length) return new Set(held);
    // without those that did not hold, others may meet another host
    kept = held;
  }
}

/** Without those that take an address for the host's own, or for another's, where more others take it the other way. */
function withoutClashes(witnesses: readonly Witness[], family: Family): readonly Witness[] {
  const claims = new Map(witnesses.map((witness) => [witness, claimsOf(witness.story, family)]));
  const balance = new Map<Address, number>();
  for (const { own, foreign } of claims.values()) {
    for (const address of own) balance.set(address, (balance.get(address) ?? 0) + 1);
    for (const address of foreign) balance.set(address, (balance.get(address) ?? 0) - 1);
  }
  return witnesses.filter((witness) => {
    const { own = [], foreign = [] } = claims.get(witness) ?? {};
    return (
      own.every((address) => (balance.get(address) ?? 0) > 0) &&
      foreign.every((address) => (balance.get(address) ?? 0) <= 0)
    );
  });
}

interface Claims {
  readonly own: readonly Address[];
  readonly foreign: readonly Address[];
}

/** What the packets of a story say of addresses: which are the host's own, as assumed-addresses.ts reads them. */
function claimsOf(story: Story, family: Family): Claims {
  const own = new Set<Address>();
  const foreign = new Set<Address>();
  for (const { inDevice, outDevice, source, destination } of waysOf([story], family)) {
    if (inDevice === "lo" || outDevice === "lo") continue;
    (inDevice === undefined ? own : foreign).add(source);
    (outDevice === undefined ? own : foreign).add(destination);
  }
  return { own: [...own], foreign: [...foreign].filter((address) => !own.has(address)) };
}

function playAll(witnesses: readonly Witness[], ruleset: Ruleset, options: StageOptions): readonly Witness[] {
  const host = hostOfStories(
    witnesses.map(({ story }) => story),
    ruleset.family,
  );
  const stage = new Stage(ruleset, { ...options, host });
  return witnesses.filter(({ story, played, picked }) => {
    const again = stage.play({ ...story, tries: played.sent }, picked.at, () => false);
    return again !== undefined && isSameFate(again.trace, played.trace);
  });
}

function isSameFate({ fate: one }: Trace, { fate: other }: Trace): boolean {
  const [a, b] = [one.decision, other.decision];
  if (one.verdict !== other.verdict || one.outcome !== other.outcome || a.kind !== b.kind) return false;
  if (a.kind === "host" || b.kind === "host") return true;
  if (a.table !== b.table || a.chain !== b.chain) return false;
  return a.kind !== "rule" || b.kind !== "rule" || a.number === b.number;
}
