import type { Rule } from "../model/ruleset.ts";
import type { Ending, Outcome, PathResult, Region } from "./analysis.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { hooksOfPath, type Path } from "./path.ts";
import { regionsOf } from "./regions-of.ts";
import type { State } from "./state.ts";
import type { TablePassage } from "./table-passage.ts";

/** The tables that packets of a path passed. Who decided about which of them is worked out when it is asked for. */
export class WalkedPath implements PathResult {
  readonly path: Path;
  readonly passages: readonly TablePassage[];
  private readonly space: PacketSpace;
  /** What came to the path's end. */
  private readonly endedStates: () => readonly State[];
  private known: readonly Ending[] | undefined;

  constructor(
    space: PacketSpace,
    path: Path,
    passages: readonly TablePassage[],
    ended: () => readonly State[],
  ) {
    this.space = space;
    this.path = path;
    this.passages = passages;
    this.endedStates = ended;
  }

  private get ended(): readonly State[] {
    return this.endedStates();
  }

  get accepted(): readonly PacketSet[] {
    return this.ended.map(({ set }) => set);
  }

  get queued(): readonly PacketSet[] {
    return this.passages.map(({ queued }) => queued).filter((set) => set !== 0);
  }

  get regions(): readonly Region[] {
    return this.endings.flatMap((ending) => ending.regions());
  }

  get endings(): readonly Ending[] {
    this.known ??= this.makeEndings();
    return this.known;
  }

  matchedBy(rule: Rule): PacketSet {
    return this.space.union(this.passages.map((passage) => passage.matchedBy(rule)));
  }

  private makeEndings(): readonly Ending[] {
    const stopping: Ending[] = [];
    const accepting: Ending[] = [];
    const spoke = this.speaking();
    for (const passage of this.passages) {
      const { hook } = passage.site;
      const rest = spoke.has(passage) ? this.lastSeenBy(passage, spoke) : [];
      for (const { end, by, states } of passage.endings()) {
        if (end === "leave") continue;
        if (end !== "accept" && end !== "socket")
          stopping.push(this.ending({ outcome: outcomes[end], by, hook }, states));
        else if (rest.length > 0) {
          const place = { outcome: "ACCEPT", by, hook } as const;
          accepting.push(
            this.ending(place, () => {
              const allowed = this.space.union(states().map(({ set }) => set));
              return rest.map(({ set, view }) => ({ view, set: this.space.and(set, allowed) }));
            }),
          );
        }
      }
    }
    return [...stopping, ...accepting, ...this.byNobody(spoke)];
  }

  /** The tables whose word counts: the filter table is the one that people mean, its word stays (Journey.decide). */
  private speaking(): ReadonlySet<TablePassage> {
    const first = this.passages.findIndex(({ site }) => site.table === "filter");
    return new Set(
      this.passages.filter(({ site }, index) => first < 0 || index <= first || site.table === "filter"),
    );
  }

  /** What comes to the path's end with nobody to speak behind this table. */
  private lastSeenBy(passage: TablePassage, speaking: ReadonlySet<TablePassage>): readonly State[] {
    const list = [...speaking];
    const seen = this.space.union(list.slice(list.indexOf(passage) + 1).map((later) => later.seen));
    return this.endedWithout(seen);
  }

  private endedWithout(seen: PacketSet): readonly State[] {
    return this.ended
      .map(({ set, view }) => ({ view, set: this.space.minus(set, seen) }))
      .filter(({ set }) => set !== 0);
  }

  /** What no table saw is accepted all the same. */
  private byNobody(speaking: ReadonlySet<TablePassage>): readonly Ending[] {
    const { space, path } = this;
    const left = this.endedWithout(space.union([...speaking].map(({ seen }) => seen)));
    if (left.length === 0) return [];
    const by = { table: "filter", chain: path, policy: "ACCEPT" } as const;
    const hook = path === "OUTPUT" ? (hooksOfPath[path][0] ?? path) : path;
    return [this.ending({ outcome: "ACCEPT", by, hook }, () => left)];
  }

  private ending(place: Omit<Ending, "regions">, states: () => readonly State[]): Ending {
    let known: readonly Region[] | undefined;
    const regions = (): readonly Region[] => {
      known ??= regionsOf(this.space, place, states());
      return known;
    };
    return { ...place, regions };
  }
}

const outcomes: Readonly<Record<"drop" | "reject" | "queue", Outcome>> = {
  drop: "DROP",
  reject: "REJECT",
  queue: "QUEUE",
};
