import type { TableName } from "../extensions/extension.ts";
import type { Formula } from "../formula/formula.ts";
import type { RuleReach } from "./analysis.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";

/** Packets that come into a chain, and what the chain's walk says of any packets at one of its rules. */
export interface Arrival {
  readonly entered: PacketSet;
  readonly reached: PacketSet;
  readonly matched: PacketSet;
}

/** A rule's sets, made when they are asked for: most are large, and few are looked at. */
export class LazyReach implements RuleReach {
  readonly table: TableName;
  readonly chain: string;
  readonly number: number;
  private readonly space: PacketSpace;
  private readonly formula: Formula;
  private readonly arrivals: readonly Arrival[];
  private reachedSet: PacketSet | undefined;
  private matchedSet: PacketSet | undefined;

  constructor(
    space: PacketSpace,
    place: { readonly table: TableName; readonly chain: string; readonly number: number },
    formula: Formula,
    arrivals: readonly Arrival[],
  ) {
    this.space = space;
    this.table = place.table;
    this.chain = place.chain;
    this.number = place.number;
    this.formula = formula;
    this.arrivals = arrivals;
  }

  get reached(): PacketSet {
    this.reachedSet ??= this.union(({ reached }) => reached);
    return this.reachedSet;
  }

  get matched(): PacketSet {
    this.matchedSet ??= this.union(({ matched }) => matched);
    return this.matchedSet;
  }

  get conditions(): PacketSet {
    return this.space.and(this.space.set(this.formula), this.space.wellFormed);
  }

  private union(which: (arrival: Arrival) => PacketSet): PacketSet {
    return this.space.union(this.arrivals.map((arrival) => this.space.and(arrival.entered, which(arrival))));
  }
}
