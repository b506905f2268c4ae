import type { TableName } from "../extensions/extension.ts";
import type { Formula } from "../formula/formula.ts";
import type { RuleReach } from "./analysis.ts";
import type { ChainSummary, Entries } from "./chain-summary.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";

/** One way of coming to a chain, with those who brought the packets. */
export interface Arrival {
  readonly entries: Entries;
  readonly summary: ChainSummary;
}

/** All ways of coming to a chain: what its rules share. */
export class ChainReach {
  readonly space: PacketSpace;
  readonly table: TableName;
  readonly chain: string;
  readonly arrivals: readonly Arrival[];
  private enteringSet: PacketSet | undefined;

  constructor(space: PacketSpace, table: TableName, chain: string, arrivals: readonly Arrival[]) {
    this.space = space;
    this.table = table;
    this.chain = chain;
    this.arrivals = arrivals;
  }

  /** All that enter come to the first rule. */
  get entering(): PacketSet {
    this.enteringSet ??= this.space.union(
      this.arrivals.map(({ entries, summary }) =>
        this.space.and(entries.around(summary), summary.rules[0]?.reached ?? 0),
      ),
    );
    return this.enteringSet;
  }
}

/** A rule's sets, made when they are asked for: most are large, and few are looked at. */
export class LazyReach implements RuleReach {
  readonly number: number;
  private readonly way: ChainReach;
  private readonly formula: Formula;
  private reachedSet: PacketSet | undefined;
  private matchedSet: PacketSet | undefined;

  constructor(way: ChainReach, number: number, formula: Formula) {
    this.way = way;
    this.number = number;
    this.formula = formula;
  }

  get table(): TableName {
    return this.way.table;
  }

  get chain(): string {
    return this.way.chain;
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
    const { space } = this.way;
    return space.and(space.set(this.formula), space.wellFormed);
  }

  get entering(): PacketSet {
    return this.way.entering;
  }

  get isReached(): boolean {
    return this.meets(({ reached }) => reached);
  }

  get isMatched(): boolean {
    return this.meets(({ matched }) => matched);
  }

  get matchesAll(): boolean {
    return !this.meets(({ reached, matched }) => this.way.space.minus(reached, matched));
  }

  matchesAny(set: PacketSet): boolean {
    return this.meets(({ matched }) => this.way.space.and(set, matched));
  }

  reachedOf(set: PacketSet): PacketSet {
    return this.union(set, ({ reached }) => reached);
  }

  matchedOf(set: PacketSet): PacketSet {
    return this.union(set, ({ matched }) => matched);
  }

  /** Whether any packet of this part of what comes to the rule enters the chain. */
  private meets(part: (sets: OwnSets) => PacketSet): boolean {
    return this.way.arrivals.some(({ entries, summary }) => {
      const sets = this.setsIn(summary);
      return sets !== undefined && entries.meets(summary, part(sets));
    });
  }

  private union(set: PacketSet, part: (sets: OwnSets) => PacketSet): PacketSet {
    const { space, arrivals } = this.way;
    return space.union(
      arrivals.map(({ entries, summary }) => {
        const sets = this.setsIn(summary);
        // what the set and the rule share is the smallest of the three
        return sets ? space.and(entries.around(summary), space.and(set, part(sets))) : 0;
      }),
    );
  }

  /** `undefined` where nothing comes as far as to this rule. */
  private setsIn({ rules }: ChainSummary): OwnSets | undefined {
    return rules[this.number - 1];
  }
}

type OwnSets = ChainSummary["rules"][number];
