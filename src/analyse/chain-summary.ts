import type { TableName } from "../extensions/extension.ts";
import type { Rule } from "../model/ruleset.ts";
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
}

/** What one chain does with packets of one view: with any packets, or with those that it was asked about. */
export interface ChainSummary {
  /** The packets that it was asked about; 1 for any. All sets below are parts of it. */
  readonly start: PacketSet;
  /** What comes to the rules and what they match, as far as the chain's own rules tell. */
  readonly rules: readonly {
    readonly rule: Rule;
    readonly reached: PacketSet;
    readonly matched: PacketSet;
  }[];
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

/** Which packets enter each chain, where `roots` are entered by all that they were asked about. Made as they are asked for. */
export class Entries {
  /** Every chain that is called, callers first. */
  readonly summaries: readonly ChainSummary[];
  private readonly space: PacketSpace;
  private readonly callers = new Map<
    ChainSummary,
    { readonly set: PacketSet; readonly from: ChainSummary }[]
  >();
  private readonly known = new Map<ChainSummary, PacketSet>();
  private readonly roots: ReadonlySet<ChainSummary>;

  constructor(space: PacketSpace, roots: readonly ChainSummary[]) {
    this.space = space;
    this.roots = new Set(roots);
    const order: ChainSummary[] = [];
    const find = (summary: ChainSummary): void => {
      if (this.callers.has(summary)) return;
      this.callers.set(summary, []);
      for (const { to } of summary.calls) find(to);
      order.push(summary);
    };
    for (const root of roots) find(root);
    this.summaries = order.reverse();
    for (const from of this.summaries) {
      for (const { set, to } of from.calls) this.callers.get(to)?.push({ set, from });
    }
  }

  of(summary: ChainSummary): PacketSet {
    const known = this.known.get(summary);
    if (known !== undefined) return known;
    const sets = (this.callers.get(summary) ?? []).map(({ set, from }) => {
      const entered = this.of(from);
      return entered === from.start ? set : this.space.and(entered, set);
    });
    if (this.roots.has(summary)) sets.push(summary.start);
    const entered = this.space.union(sets);
    this.known.set(summary, entered);
    return entered;
  }
}

/** Tells which packets enter each chain that any packet enters; callers come first. */
export function spread(
  space: PacketSpace,
  roots: readonly ChainSummary[],
  visit: (summary: ChainSummary, entered: PacketSet) => void,
): void {
  const entries = new Entries(space, roots);
  for (const summary of entries.summaries) {
    const entered = entries.of(summary);
    if (entered !== 0) visit(summary, entered);
  }
}
