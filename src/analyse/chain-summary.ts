import type { RulePlace } from "../evaluate/trace.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Rule } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";
import type { Region } from "./analysis.ts";
import type { Arrival } from "./lazy-reach.ts";
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

/** What one chain does with any packets of one view. Its sets are of all packets: intersect with those that come in. */
export interface ChainSummary {
  readonly rules: readonly {
    readonly rule: Rule;
    readonly place: RulePlace;
    readonly reached: PacketSet;
    readonly matched: PacketSet;
  }[];
  /** Whom the chain hands on to, and which packets. */
  readonly calls: readonly { readonly set: PacketSet; readonly to: ChainSummary }[];
  readonly exits: readonly TableExit[];
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

/** Which packets come to each rule, from the packets that come into chains. */
export class Arrivals {
  private readonly space: PacketSpace;
  private readonly entered = new Map<ChainSummary, PacketSet>();

  constructor(space: PacketSpace) {
    this.space = space;
  }

  enter(summary: ChainSummary, set: PacketSet): void {
    this.entered.set(summary, this.space.or(this.entered.get(summary) ?? 0, set));
  }

  /** `summaries` stand in the order in which they were finished: callers behind those they call. */
  spread(summaries: readonly ChainSummary[], record: (rule: Rule, arrival: Arrival) => void): void {
    const { space } = this;
    for (const summary of [...summaries].reverse()) {
      const set = this.entered.get(summary) ?? 0;
      if (set === 0) continue;
      for (const call of summary.calls) this.enter(call.to, space.and(set, call.set));
      for (const { rule, reached, matched } of summary.rules) {
        record(rule, { entered: set, reached, matched });
      }
    }
  }
}
