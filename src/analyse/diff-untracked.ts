import type { Ruleset } from "../model/ruleset.ts";
import type { Analysis, Region } from "./analysis.ts";
import { stateCodes } from "./ct-variables.ts";
import { exemptPackets } from "./domain.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";

/** Whether one of the rule sets exempts packets from tracking: what is UNTRACKED to it has a state to the other one. */
export const needsAlignment = (...analyses: readonly Analysis[]): boolean =>
  analyses.some(({ ruleset }) => exempts(ruleset));

const exempts = ({ tables }: Ruleset): boolean =>
  [...(tables.get("raw")?.chains.values() ?? [])].some(({ rules }) =>
    rules.some(
      ({ target }) =>
        target.kind === "known" &&
        (target.target.name === "NOTRACK" ||
          (target.target.name === "CT" && target.args["notrack"] !== undefined)),
    ),
  );

/**
 * A region in which packets that rules exempt from tracking have any state that conntrack would have given them, so that they
 * can be compared with those of a rule set that tracks them. What conntrack itself exempts stays UNTRACKED.
 */
export function aligned(space: PacketSpace, region: Region): readonly Region[] {
  const { ct } = space;
  const byRules = space.minus(ct.state("UNTRACKED"), exemptPackets(space));
  const rest = { ...region, packets: space.minus(region.packets, byRules) };
  const exempted = space.and(region.packets, byRules);
  if (exempted === 0) return [region];
  const { view } = region;
  const widenedView = [...view.values].reduce(
    (all, [field, { bits }]) =>
      all.with(
        field,
        bits.map((bit) => whereUntracked(space, bit)),
      ),
    view,
  );
  const widened = {
    ...region,
    packets: inAnyState(space, exempted),
    view: widenedView,
  };
  return rest.packets === 0 ? [widened] : [rest, widened];
}

/** The set and the packets that differ from its exempted ones only in what conntrack would have said of them. */
export function withTracked(space: PacketSpace, set: PacketSet): PacketSet {
  const byRules = space.minus(space.ct.state("UNTRACKED"), exemptPackets(space));
  return space.or(set, inAnyState(space, space.and(set, byRules)));
}

/** Exempted packets with any state that conntrack would have given them. */
function inAnyState(space: PacketSpace, exempted: PacketSet): PacketSet {
  const would = space.minus(space.wellFormed, space.or(exemptPackets(space), space.ct.state("UNTRACKED")));
  return space.and(whereUntracked(space, exempted), would);
}

/** What the set is of packets that are UNTRACKED, whatever state they have in it. */
function whereUntracked(space: PacketSpace, set: PacketSet): PacketSet {
  const { bdd, layout } = space;
  const { ctstate, sourceNat, destinationNat, opens } = layout;
  const fixed = new Map<number, boolean>([
    ...[0, 1, 2].map((at) => [ctstate + at, ((stateCodes.UNTRACKED >> (2 - at)) & 1) === 1] as const),
    [sourceNat, false],
    [destinationNat, false],
    [opens, false],
  ]);
  return bdd.rebuild(set, (level, low, high) => {
    const value = fixed.get(level);
    return value === undefined ? bdd.node(level, low, high) : value ? high : low;
  });
}
