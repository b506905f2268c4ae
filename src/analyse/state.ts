import { joinViews } from "./join-views.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { View } from "./view.ts";

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

/** Splits a state by a set. */
export const split = (
  space: PacketSpace,
  state: State,
  by: PacketSet,
): { readonly inside: State; readonly outside: State } => ({
  inside: { ...state, set: space.and(state.set, by) },
  outside: { ...state, set: space.minus(state.set, by) },
});
