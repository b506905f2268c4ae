import type { Hook } from "../packet/context.ts";
import type { Outcome, PathResult, Region } from "./analysis.ts";
import type { By, TableExit } from "./chain-summary.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { hooksOfPath, type Path } from "./path.ts";
import { RegionList } from "./region-list.ts";
import type { State } from "./state.ts";
import type { TablePassage } from "./table-passage.ts";

/** Who let packets through, the last word so far. */
interface Decided {
  readonly set: PacketSet;
  readonly by: By;
  readonly hook: Hook;
}

/** The tables that packets of a path passed. Who decided about which of them is worked out when it is asked for. */
export class WalkedPath implements PathResult {
  readonly path: Path;
  readonly passages: readonly TablePassage[];
  /** Passages of packets that take no part in them: it was asked what would become of them. */
  readonly asides: readonly TablePassage[];
  private readonly space: PacketSpace;
  /** What came to the path's end. */
  private readonly ended: readonly State[];
  private known: readonly Region[] | undefined;

  constructor(
    space: PacketSpace,
    path: Path,
    passages: readonly TablePassage[],
    asides: readonly TablePassage[],
    ended: readonly State[],
  ) {
    this.space = space;
    this.path = path;
    this.passages = passages;
    this.asides = asides;
    this.ended = ended;
  }

  get accepted(): readonly PacketSet[] {
    return this.ended.map(({ set }) => set);
  }

  get queued(): readonly PacketSet[] {
    return this.passages.map(({ queued }) => queued).filter((set) => set !== 0);
  }

  get regions(): readonly Region[] {
    this.known ??= this.makeRegions();
    return this.known;
  }

  private makeRegions(): readonly Region[] {
    const regions = new RegionList(this.space);
    let decided: readonly Decided[] = [];
    let filterSpoke = false;
    for (const passage of this.passages) {
      const { hook, table } = passage.site;
      const here = this.endsIn(passage, hook, regions);
      // the filter table is the one that people mean: its word stays (Journey.decide)
      if (filterSpoke && table !== "filter") continue;
      filterSpoke ||= table === "filter";
      const { seen } = passage;
      const before = decided.map((one) => ({ ...one, set: this.space.minus(one.set, seen) }));
      decided = [...before.filter(({ set }) => set !== 0), ...here];
    }
    this.accept(decided, regions);
    return regions.all();
  }

  /** Adds what ends in the table to the regions; gives what it lets through, by whom. */
  private endsIn(passage: TablePassage, hook: Hook, regions: RegionList): readonly Decided[] {
    const accepts = new Map<string, { sets: PacketSet[]; by: By }>();
    passage.exits(({ end, state, by }: TableExit) => {
      if (end === "leave") return;
      if (end !== "accept") {
        regions.add({ set: state.set, view: state.view, outcome: outcomes[end], by, hook });
        return;
      }
      const key = "number" in by ? `${by.chain}:${by.number}` : "policy";
      const before = accepts.get(key);
      if (before) before.sets.push(state.set);
      else accepts.set(key, { sets: [state.set], by });
    });
    return [...accepts.values()].map(({ sets, by }) => ({ set: this.space.union(sets), by, hook }));
  }

  /** What comes to the path's end is accepted, by whoever spoke last. */
  private accept(decided: readonly Decided[], regions: RegionList): void {
    const { space, path } = this;
    const nobody: Decided = {
      set: 1,
      by: { table: "filter", chain: path, policy: "ACCEPT" },
      hook: path === "OUTPUT" ? (hooksOfPath[path][0] ?? path) : path,
    };
    const everybody = space.union(decided.map((one) => one.set));
    for (const { set, view } of this.ended) {
      const undecided = { ...nobody, set: space.minus(set, everybody) };
      for (const { set: allowed, by, hook } of [...decided, undecided]) {
        regions.add({ set: space.and(set, allowed), view, outcome: "ACCEPT", by, hook });
      }
    }
  }
}

const outcomes: Readonly<Record<"drop" | "reject" | "queue", Outcome>> = {
  drop: "DROP",
  reject: "REJECT",
  queue: "QUEUE",
};
