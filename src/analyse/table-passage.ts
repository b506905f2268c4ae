import { type ChainSummary, spread, type TableExit, type WalkSite } from "./chain-summary.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { mergeStates, type State } from "./state.ts";

/** What one table at one hook does with the packets that come to it. */
export class TablePassage {
  readonly site: WalkSite;
  /** The built-in chain as the packets of each view pass it. */
  readonly roots: readonly ChainSummary[];
  /** The packets that go on behind the table, as it leaves them. */
  readonly through: readonly State[];
  private readonly space: PacketSpace;
  private readonly policy: "ACCEPT" | "DROP";

  constructor(space: PacketSpace, site: WalkSite, policy: "ACCEPT" | "DROP", roots: readonly ChainSummary[]) {
    this.space = space;
    this.site = site;
    this.policy = policy;
    this.roots = roots;
    this.through = mergeStates(
      space,
      roots.flatMap(({ accepted, back }) => [...accepted, ...(policy === "ACCEPT" ? back : [])]),
    );
  }

  /** All packets that come to the table. */
  get seen(): PacketSet {
    return this.space.union(this.roots.map(({ start }) => start));
  }

  /** The packets that the table leaves to a program. */
  get queued(): PacketSet {
    return this.space.union(this.roots.map(({ queued }) => queued));
  }

  /** Where each of the packets ends, in disjoint pieces. */
  exits(exit: (exit: TableExit) => void): void {
    const { space, site, policy } = this;
    spread(space, this.roots, (summary, entered) => {
      const isWhole = entered === summary.start;
      for (const leaving of summary.exits) {
        const set = isWhole ? leaving.state.set : space.and(entered, leaving.state.set);
        if (set !== 0) exit({ ...leaving, state: { ...leaving.state, set } });
      }
    });
    const by = { table: site.table, chain: site.hook, policy };
    const end = policy === "ACCEPT" ? "accept" : "drop";
    for (const { back } of this.roots) for (const state of back) exit({ end, state, by });
  }
}
