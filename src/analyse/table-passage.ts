import type { Rule } from "../model/ruleset.ts";
import { type ChainSummary, Entries, type TableExit, type WalkSite } from "./chain-summary.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { mergeStates, type State } from "./state.ts";
import type { View } from "./view.ts";

export interface PassageSite extends WalkSite {
  /** What packets do not have at the hook. */
  readonly missing: View["missing"];
  /** The packets that the table decides about; 1 for all. */
  readonly counted: PacketSet;
}

/** What one table at one hook does with the packets that come to it. */
export class TablePassage {
  readonly site: PassageSite;
  /** The built-in chain as the packets of each view pass it. */
  readonly roots: readonly ChainSummary[];
  private readonly space: PacketSpace;
  private readonly policy: "ACCEPT" | "DROP";
  private knownEntries: Entries | undefined;

  constructor(
    space: PacketSpace,
    site: PassageSite,
    policy: "ACCEPT" | "DROP",
    roots: readonly ChainSummary[],
  ) {
    this.space = space;
    this.site = site;
    this.policy = policy;
    this.roots = roots;
  }

  /** The packets that go on behind the table, as it leaves them. */
  get through(): readonly State[] {
    const { roots, policy, space } = this;
    const passing = roots.flatMap(({ accepted, back }) => [
      ...accepted,
      ...(policy === "ACCEPT" ? back : []),
    ]);
    return mergeStates(space, passing).map((state) => this.leaving(state));
  }

  /** All packets that come to the table. */
  get seen(): PacketSet {
    return this.counted(this.space.union(this.roots.map(({ start }) => start)));
  }

  /** The packets that the table leaves to a program. */
  get queued(): PacketSet {
    return this.counted(this.space.union(this.roots.map(({ queued }) => queued)));
  }

  /** Where its packets may end, and by whom; some of these may get none. */
  endings(): readonly TableEnding[] {
    const gathered = new Map<string, { leaving: Leaving[]; ending: Omit<TableEnding, "states"> }>();
    const add = (exit: TableExit, from?: ChainSummary): void => {
      const { end, by, state } = exit;
      const key = `${end} ${by.chain} ${"number" in by ? by.number : "policy"}`;
      const known = gathered.get(key);
      if (known) known.leaving.push({ state, from });
      else gathered.set(key, { leaving: [{ state, from }], ending: { end, by } });
    };
    for (const summary of this.entries.summaries) for (const exit of summary.exits) add(exit, summary);
    const by = { table: this.site.table, chain: this.site.hook, policy: this.policy };
    const end = this.policy === "ACCEPT" ? "accept" : "drop";
    for (const { back } of this.roots) for (const state of back) add({ end, state, by });
    return [...gathered.values()].map(({ leaving, ending }) => ({
      ...ending,
      states: () => leaving.map((one) => this.arriving(one)).filter(({ set }) => set !== 0),
    }));
  }

  /** The packets that the table gives to sockets of the host (TPROXY). */
  get toSockets(): PacketSet {
    const sockets = this.endings().filter(({ end }) => end === "socket");
    return this.space.union(sockets.flatMap(({ states }) => states().map(({ set }) => set)));
  }

  /** The packets that a rule of the table matches. */
  matchedBy(rule: Rule): PacketSet {
    const { space, entries } = this;
    const sets: PacketSet[] = [];
    for (const summary of entries.summaries) {
      const matched = summary.rules[summary.chain.rules.indexOf(rule)]?.matched ?? 0;
      if (matched !== 0) sets.push(space.and(entries.around(summary), matched));
    }
    return space.union(sets);
  }

  get entries(): Entries {
    this.knownEntries ??= new Entries(this.space, this.roots, this.site.counted);
    return this.knownEntries;
  }

  /** A chain knows what it does with any packets: those that come to it are fewer. */
  private arriving({ state, from }: Leaving): State {
    if (!from) return this.leaving({ ...state, set: this.counted(state.set) });
    const entered = this.entries.around(from);
    return this.leaving(
      entered === from.start ? state : { ...state, set: this.space.and(entered, state.set) },
    );
  }

  private counted(set: PacketSet): PacketSet {
    return this.space.and(set, this.site.counted);
  }

  private leaving({ set, view }: State): State {
    return { set, view: view.lacking(this.site.missing) };
  }
}

/** Packets that leave a chain, or the table itself. */
interface Leaving {
  readonly state: State;
  readonly from: ChainSummary | undefined;
}

/** What one rule or policy ends. */
export interface TableEnding {
  readonly end: TableExit["end"];
  readonly by: TableExit["by"];
  /** Its packets, in disjoint pieces. */
  states(): readonly State[];
}
