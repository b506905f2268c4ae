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

/** Tells which packets enter each chain, where `roots` are entered by all that they were asked about; callers come first. */
export function spread(
  space: PacketSpace,
  roots: readonly ChainSummary[],
  visit: (summary: ChainSummary, entered: PacketSet) => void,
): void {
  const order: ChainSummary[] = [];
  const entered = new Map<ChainSummary, PacketSet[]>();
  const find = (summary: ChainSummary): void => {
    if (entered.has(summary)) return;
    entered.set(summary, []);
    for (const { to } of summary.calls) find(to);
    order.push(summary);
  };
  for (const root of roots) find(root);
  for (const root of roots) entered.get(root)?.push(root.start);
  for (const summary of order.reverse()) {
    const set = space.union(entered.get(summary) ?? []);
    if (set === 0) continue;
    visit(summary, set);
    for (const call of summary.calls) {
      entered.get(call.to)?.push(set === summary.start ? call.set : space.and(set, call.set));
    }
  }
}
