import type { Hook } from "../packet/context.ts";
import type { Outcome, Region } from "./analysis.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { describeRewrites } from "./rewrites.ts";
import { joinStates } from "./state.ts";
import type { View } from "./view.ts";

/** Gathers where packets end; pieces that share a fate become one region. */
export class RegionList {
  private readonly space: PacketSpace;
  private readonly regions = new Map<string, Region>();

  constructor(space: PacketSpace) {
    this.space = space;
  }

  add(piece: {
    readonly set: PacketSet;
    readonly view: View;
    readonly outcome: Outcome;
    readonly by: Region["by"];
    readonly hook: Hook;
  }): void {
    const { set, view, outcome, by, hook } = piece;
    if (set === 0) return;
    const rewrites = describeRewrites(this.space, view);
    const who = "number" in by ? by.number : "policy";
    const key = [outcome, by.table, by.chain, who, hook, ...rewrites].join("\n");
    const known = this.regions.get(key);
    const state = known
      ? joinStates(this.space, { set: known.packets, view: known.view }, { set, view })
      : { set, view };
    this.regions.set(key, { packets: state.set, view: state.view, outcome, by, hook, rewrites });
  }

  all(): readonly Region[] {
    return [...this.regions.values()];
  }
}
