import type { Hook } from "../packet/context.ts";
import type { Outcome, Region } from "./analysis.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { describeRewrites } from "./rewrites.ts";
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
    const packets = this.space.or(this.regions.get(key)?.packets ?? 0, set);
    this.regions.set(key, { packets, outcome, by, hook, rewrites });
  }

  all(): readonly Region[] {
    return [...this.regions.values()];
  }
}
