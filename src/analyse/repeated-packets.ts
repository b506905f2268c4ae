import { ctstates } from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import { fields } from "../packet/fields.ts";
import type { LookedAt } from "./field-values.ts";
import { manipAt } from "./nat-sets.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { State } from "./state.ts";

/**
 * The packets whose connection was translated at this hook when its first packet came by, and that are still NEW, for nobody
 * has answered. They look like that packet, so that the nat table tells what became of it.
 */
export function repeatedPackets(space: PacketSpace, hook: Hook): PacketSet {
  const { ct } = space;
  const done = manipAt(hook) === "source" ? ct.sourceNat : ct.destinationNat;
  return space.minus(space.and(ct.state("NEW"), done), ct.opens);
}

/** The packet as its connection's first one came to the nat table: the source is translated last. */
export function beforeNat(space: PacketSpace, state: State, hook: Hook, as: LookedAt["as"]): State {
  const pending = manipAt(hook) === "source" ? [ctstates.SNAT] : [ctstates.SNAT, ctstates.DNAT];
  let vector = space.vector(fields.ctstate, state.view);
  for (const bit of pending) vector = vector.with(placeOf(bit), 0);
  return { ...state, view: state.view.lookingAt(fields.ctstate, vector, as) };
}

/** Of what comes through the nat table, the first packets, and of others those that it translates. */
export function firstOrTranslated(space: PacketSpace, state: State, first: PacketSet, hook: Hook): State {
  const done = space.vector(fields.ctstate, state.view).at(bitAt(hook)) ?? 0;
  return { set: space.and(state.set, space.or(first, done)), view: state.view.asSeen() };
}

const bitAt = (hook: Hook): number => placeOf(manipAt(hook) === "source" ? ctstates.SNAT : ctstates.DNAT);

/** A bit's place in the vector, highest first. */
const placeOf = (bit: number): number => fields.ctstate.bits - 1 - Math.log2(bit);
