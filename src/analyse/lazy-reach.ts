import type { RulePlace } from "../evaluate/trace.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Formula } from "../formula/formula.ts";
import type { RuleReach } from "./analysis.ts";
import type { ChainSummary, Entries } from "./chain-summary.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";

/** A chain with its callers, and what its walk says of its packets at one of its rules. */
export interface Arrival {
  readonly entries: Entries;
  readonly summary: ChainSummary;
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
  private readonly entries: readonly Arrival[];
  private enteringSet: PacketSet | undefined;
  private reachedSet: PacketSet | undefined;
  private matchedSet: PacketSet | undefined;

  /** `entries`: of the chain's first rule, to which all come that enter. */
  constructor(
    space: PacketSpace,
    place: RulePlace,
    formula: Formula,
    arrivals: readonly Arrival[],
    entries: readonly Arrival[],
  ) {
    this.space = space;
    this.table = place.table;
    this.chain = place.chain;
    this.number = place.number;
    this.formula = formula;
    this.arrivals = arrivals;
    this.entries = entries;
  }

  get reached(): PacketSet {
    this.reachedSet ??= this.reachedOf(1);
    return this.reachedSet;
  }

  get matched(): PacketSet {
    this.matchedSet ??= this.matchedOf(1);
    return this.matchedSet;
  }

  get conditions(): PacketSet {
    return this.space.and(this.space.set(this.formula), this.space.wellFormed);
  }

  get entering(): PacketSet {
    this.enteringSet ??= this.space.union(
      this.entries.map((arrival) => this.space.and(around(arrival), arrival.reached)),
    );
    return this.enteringSet;
  }

  get isReached(): boolean {
    return this.arrivals.some(({ entries, summary, reached }) => entries.meets(summary, reached));
  }

  get isMatched(): boolean {
    return this.arrivals.some(({ entries, summary, matched }) => entries.meets(summary, matched));
  }

  get matchesAll(): boolean {
    const { space } = this;
    return !this.arrivals.some(({ entries, summary, reached, matched }) =>
      entries.meets(summary, space.minus(reached, matched)),
    );
  }

  reachedOf(set: PacketSet): PacketSet {
    return this.union(set, ({ reached }) => reached);
  }

  matchedOf(set: PacketSet): PacketSet {
    return this.union(set, ({ matched }) => matched);
  }

  private union(set: PacketSet, which: (arrival: Arrival) => PacketSet): PacketSet {
    const { space } = this;
    // what the set and the rule share is the smallest of the three
    return space.union(
      this.arrivals.map((arrival) => space.and(around(arrival), space.and(set, which(arrival)))),
    );
  }
}

const around = ({ entries, summary }: Arrival): PacketSet => entries.around(summary);
