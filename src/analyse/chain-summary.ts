import type { TableName } from "../extensions/extension.ts";
import type { Chain } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";
import type { Region } from "./analysis.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { Path } from "./path.ts";
import type { EffectEnd } from "./perform-sets.ts";
import type { State } from "./state.ts";

export type By = Region["by"];

/** Packets that leave a table: through it, or at their end. */
export interface TableExit {
  readonly end: Exclude<EffectEnd, "continue">;
  readonly state: State;
  readonly by: By;
}

export interface WalkSite {
  readonly table: TableName;
  readonly hook: Hook;
  readonly path: Path;
  /** Nobody asks for more than the packets in hand. */
  readonly few?: boolean | undefined;
}

/** What one chain does with packets of one view: with any packets, or with those that it was asked about. */
export interface ChainSummary {
  /** The packets that it was asked about; 1 for any. All sets below are parts of it. */
  readonly start: PacketSet;
  readonly chain: Chain;
  /** What comes to the chain's rules, up to the last that anything comes to, and what they match; as far as its own rules tell. */
  readonly rules: readonly { readonly reached: PacketSet; readonly matched: PacketSet }[];
  /** Whom the chain hands packets on to, and which. */
  readonly calls: readonly { readonly set: PacketSet; readonly to: ChainSummary }[];
  /** The packets that end at the chain's own rules. */
  readonly exits: readonly TableExit[];
  /** The packets that the chain, or one that it calls, lets through. */
  readonly accepted: readonly State[];
  /** The packets that the chain, or one that it calls, leaves to a program. */
  readonly queued: PacketSet;
  /** The packets that come to the chain's end or RETURN. */
  readonly back: readonly State[];
}

/** Of what passes the last table often nobody asks. */
export function passingLater(
  summary: Omit<ChainSummary, "accepted" | "back">,
  makeAccepted: () => readonly State[],
  makeBack: () => readonly State[],
): ChainSummary {
  let accepted: readonly State[] | undefined;
  let back: readonly State[] | undefined;
  return {
    ...summary,
    get accepted() {
      accepted ??= makeAccepted();
      return accepted;
    },
    get back() {
      back ??= makeBack();
      return back;
    },
  };
}

/** Puts exits of one rule, end and view together. */
export class ExitList {
  private readonly space: PacketSpace;
  private readonly exits = new Map<string, TableExit>();

  constructor(space: PacketSpace) {
    this.space = space;
  }

  add(exit: TableExit): void {
    if (exit.state.set === 0) return;
    const { by, end, state } = exit;
    const who = "number" in by ? by.number : "policy";
    const key = `${end} ${by.chain} ${who} ${state.view.key}`;
    const known = this.exits.get(key);
    const set = known ? this.space.or(known.state.set, state.set) : state.set;
    this.exits.set(key, { ...exit, state: { ...state, set } });
  }

  all(): readonly TableExit[] {
    return [...this.exits.values()];
  }
}

/** Who hands packets on to a chain; the next one who does. A list of its own for each chain would take three times the memory. */
interface Caller {
  readonly set: PacketSet;
  readonly from: ChainSummary;
  readonly next: Caller | undefined;
}

/** Which packets enter each chain, where `roots` are entered by all of `counted` that they were asked about. Made as they are asked for. */
export class Entries {
  /** Every chain that is called, callers first. */
  readonly summaries: readonly ChainSummary[];
  private readonly space: PacketSpace;
  private readonly callers = new Map<ChainSummary, Caller | undefined>();
  private readonly known = new Map<ChainSummary, PacketSet>();
  private readonly roots: ReadonlyMap<ChainSummary, PacketSet>;

  constructor(space: PacketSpace, roots: readonly ChainSummary[], counted: PacketSet = 1) {
    this.space = space;
    this.roots = new Map(roots.map((root) => [root, space.and(root.start, counted)]));
    const order: ChainSummary[] = [];
    const find = (summary: ChainSummary): void => {
      if (this.callers.has(summary)) return;
      this.callers.set(summary, undefined);
      for (const { to } of summary.calls) find(to);
      order.push(summary);
    };
    for (const root of roots) find(root);
    this.summaries = order.reverse();
    for (const from of this.summaries) {
      for (const { set, to } of from.calls) this.callers.set(to, { set, from, next: this.callers.get(to) });
    }
  }

  /**
   * What enters the chain of those packets that its summary is about, and maybe others: what a chain that was walked with few
   * packets says of them need not be cut down to what entered its callers again and again.
   */
  around(summary: ChainSummary): PacketSet {
    const known = this.known.get(summary);
    if (known !== undefined) return known;
    const entered = this.find(summary);
    this.known.set(summary, entered);
    return entered;
  }

  private find(summary: ChainSummary): PacketSet {
    const first = this.callers.get(summary);
    if (first && !first.next && summary.start === first.set && !this.roots.has(summary)) {
      return this.around(first.from);
    }
    // many callers may have got their packets from one chain: what they hand on is put together first, and is the same on each path
    const { space } = this;
    const handed = new Map<PacketSet, PacketSet[]>();
    for (let caller = first; caller; caller = caller.next) {
      const { set, from } = caller;
      const entered = this.around(from);
      const within = entered === from.start ? 1 : entered;
      const sets = handed.get(within);
      if (sets) sets.push(set);
      else handed.set(within, [set]);
    }
    const parts = Array.from(handed, ([within, sets]) => space.and(within, space.union(sets)));
    return space.union([...parts, this.roots.get(summary) ?? 0]);
  }

  /** Whether any packet of a part of the summary's own sets enters the chain. Most have a caller that tells at once. */
  meets(summary: ChainSummary, part: PacketSet): boolean {
    return this.look(summary, part, { left: mostLooks }) ?? !this.space.disjoint(this.around(summary), part);
  }

  /** `undefined` after too many looks: chains may be called in many ways. */
  private look(summary: ChainSummary, part: PacketSet, looks: { left: number }): boolean | undefined {
    if (part === 0) return false;
    if (looks.left-- <= 0) return undefined;
    const known = this.known.get(summary);
    if (known !== undefined) return !this.space.disjoint(known, part);
    const started = this.roots.get(summary);
    if (started !== undefined && !this.space.disjoint(started, part)) return true;
    for (let caller = this.callers.get(summary); caller; caller = caller.next) {
      const { set, from } = caller;
      // a jump without conditions leaves none of the caller's packets out
      const isWhole = set === summary.start || set === from.start;
      const found = this.look(from, isWhole ? part : this.space.and(set, part), looks);
      if (found !== false) return found;
    }
    return false;
  }
}

const mostLooks = 64;
