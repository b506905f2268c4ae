import type { Ending, Region } from "./analysis.ts";
import type { PacketSpace } from "./packet-space.ts";
import { describeRewrites } from "./rewrites.ts";
import { joinStates, type State } from "./state.ts";

/** The regions of packets that share a decider: one for each way that they are rewritten. */
export function regionsOf(
  space: PacketSpace,
  place: Omit<Ending, "regions">,
  states: readonly State[],
): readonly Region[] {
  const regions = new Map<string, Region>();
  for (const { set, view } of states) {
    if (set === 0) continue;
    const rewrites = describeRewrites(space, view);
    const key = rewrites.join("\n");
    const known = regions.get(key);
    const state = known
      ? joinStates(space, { set: known.packets, view: known.view }, { set, view })
      : { set, view };
    regions.set(key, { ...place, packets: state.set, view: state.view, rewrites });
  }
  return [...regions.values()];
}
