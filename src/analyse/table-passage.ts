import { type ChainSummary, spread, type TableExit, type WalkSite } from "./chain-summary.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { mergeStates, type State } from "./state.ts";

/** A built-in chain as packets of one view pass it. */
export interface PassageRoot {
  /** The packets that come to it. */
  readonly set: PacketSet;
  readonly to: ChainSummary;
}

/** What one table at one hook does with the packets that come to it. */
export class TablePassage {
  readonly site: WalkSite;
  readonly roots: readonly PassageRoot[];
  /** The packets that go on behind the table, as it leaves them. */
  readonly through: readonly State[];
  private readonly space: PacketSpace;
  private readonly policy: "ACCEPT" | "DROP";

  constructor(space: PacketSpace, site: WalkSite, policy: "ACCEPT" | "DROP", roots: readonly PassageRoot[]) {
    this.space = space;
    this.site = site;
    this.policy = policy;
    this.roots = roots;
    this.through = mergeStates(
      space,
      roots.flatMap(({ set, to }) =>
        [...to.accepted, ...(policy === "ACCEPT" ? to.back : [])].map((state) => this.within(set, state)),
      ),
    );
  }

  /** All packets that come to the table. */
  get seen(): PacketSet {
    return this.space.union(this.roots.map(({ set }) => set));
  }

  /** The packets that the table leaves to a program. */
  get queued(): PacketSet {
    return this.space.union(this.roots.map(({ set, to }) => this.space.and(set, to.queued)));
  }

  /** Where each of the packets ends, in disjoint pieces. */
  exits(exit: (exit: TableExit) => void): void {
    const give = (set: PacketSet, leaving: TableExit) => {
      const state = this.within(set, leaving.state);
      if (state.set !== 0) exit({ ...leaving, state });
    };
    spread(this.space, this.roots, (summary, entered) => {
      for (const leaving of summary.exits) give(entered, leaving);
    });
    const by = { table: this.site.table, chain: this.site.hook, policy: this.policy };
    const end = this.policy === "ACCEPT" ? "accept" : "drop";
    for (const { set, to } of this.roots) for (const state of to.back) give(set, { end, state, by });
  }

  private readonly within = (set: PacketSet, state: State): State => ({
    ...state,
    set: this.space.and(set, state.set),
  });
}
