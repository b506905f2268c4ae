import type { Field } from "../packet/fields.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { View } from "./view.ts";

/** Packets that were rewritten alike so far: the set tells what they were, the view what they are now. */
export interface State {
  readonly set: PacketSet;
  readonly view: View;
}

/** Beyond so many views side by side they are put into one, whose fields then depend on the packet. */
const mostViews = 48;

/** Puts states of equal views together and leaves empty ones out. */
export function mergeStates(space: PacketSpace, states: readonly State[]): readonly State[] {
  if (states.length < 2) return states.filter(({ set }) => set !== 0);
  const byView = new Map<string, { readonly first: State; readonly sets: PacketSet[] }>();
  for (const state of states) {
    if (state.set === 0) continue;
    const known = byView.get(state.view.key);
    if (known) known.sets.push(state.set);
    else byView.set(state.view.key, { first: state, sets: [state.set] });
  }
  const merged = [...byView.values()].map(({ first, sets }) => ({ ...first, set: space.union(sets) }));
  return merged.length > mostViews ? [joinViews(space, merged)] : merged;
}

/** Two states with disjoint sets as one. */
export function joinStates(space: PacketSpace, one: State, other: State): State {
  if (one.view.key === other.view.key) return { ...one, set: space.or(one.set, other.set) };
  return joinViews(space, [one, other]);
}

/** One state for all: each field is what it is in the state that the packet belongs to. */
function joinViews(space: PacketSpace, states: readonly State[]): State {
  const rewritten = new Set<Field>(states.flatMap(({ view }) => [...view.values.keys()]));
  const missing = new Set(states.flatMap(({ view }) => [...view.missing]));
  // a field may be the copy of another one, and many of an address' bits are the same in all states
  const known = new Map<string, PacketSet>();
  const joinBit = (bits: readonly PacketSet[]): PacketSet => {
    const key = bits.join(" ");
    const bit = known.get(key) ?? joinedBit(space, states, bits);
    known.set(key, bit);
    return bit;
  };
  const values = new Map(
    [...rewritten].map((field) => {
      const vectors = states.map(({ view }) => space.vector(field, view));
      return [field, space.vector(field).map((_, at) => joinBit(vectors.map((one) => one[at]!)))] as const;
    }),
  );
  return { set: space.union(states.map(({ set }) => set)), view: new View(values, missing) };
}

/** More than so many values are not told apart one after the other, for that would be quadratic. */
const fewValues = 8;

/** A bit that is another one in each state. */
function joinedBit(space: PacketSpace, states: readonly State[], bits: readonly PacketSet[]): PacketSet {
  const groups = new Map<PacketSet, PacketSet[]>();
  for (const [index, { set }] of states.entries()) {
    const bit = bits[index]!;
    const group = groups.get(bit);
    if (group) group.push(set);
    else groups.set(bit, [set]);
  }
  const sorted = [...groups].sort(([, one], [, other]) => other.length - one.length);
  if (sorted.length > fewValues) {
    return space.union(sorted.map(([bit, sets]) => space.and(space.union(sets), bit)));
  }
  // packets of no state do not count: they get what most have
  const [most, ...others] = sorted;
  return others.reduce((all, [bit, sets]) => space.bdd.choose(space.union(sets), bit, all), most?.[0] ?? 0);
}

/** Splits a state by a set. */
export const split = (
  space: PacketSpace,
  state: State,
  by: PacketSet,
): { readonly inside: State; readonly outside: State } => ({
  inside: { ...state, set: space.and(state.set, by) },
  outside: { ...state, set: space.minus(state.set, by) },
});
