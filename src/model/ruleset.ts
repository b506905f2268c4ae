import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { Arg, Match, TableName, Target } from "../extensions/extension.ts";
import type { Address, Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import { type KernelNeeds, needsOfUses } from "./kernel-needs.ts";

export interface Counters {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** Bound options of a match or target, by option name, in no particular order. */
export type BoundArgs = Readonly<Record<string, Arg<unknown> | undefined>>;

/**
 * A match of a rule. What we do not know keeps its words and reprints them: `words` is what follows the name, each word as
 * it would stand in a save file, quotes included.
 */
export type MatchUse =
  | { readonly kind: "known"; readonly match: Match; readonly args: BoundArgs }
  | { readonly kind: "unknown"; readonly name: string; readonly words: readonly string[] };

export type TargetUse =
  /** A rule without -j: it counts and goes on. */
  | { readonly kind: "none" }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  | { readonly kind: "known"; readonly target: Target; readonly args: BoundArgs }
  | { readonly kind: "unknown"; readonly name: string; readonly words: readonly string[] };

/** A rule's own conditions (struct ipt_ip). Absent means any. */
export interface RuleSpec {
  readonly protocol?: Arg<number>;
  readonly source?: Arg<{ readonly address: Address; readonly mask: Address }>;
  readonly destination?: Arg<{ readonly address: Address; readonly mask: Address }>;
  /** As written, a trailing `+` for a prefix. */
  readonly inInterface?: Arg<string>;
  readonly outInterface?: Arg<string>;
  /** `-f`: second and further fragments; IPv4 only. */
  readonly fragment?: Arg<true>;
}

/** Where a rule was written. */
export interface Origin {
  readonly source: Source;
  readonly span: Span;
  /** 1-based line of the span's start. */
  readonly line: number;
}

/** What a rule asks of a packet. */
export interface RuleConditions {
  readonly spec: RuleSpec;
  readonly matches: readonly MatchUse[];
}

/** What a rule is made of. */
export interface RuleParts extends RuleConditions {
  readonly target: TargetUse;
  readonly counters: Counters;
  readonly origin: Origin | undefined;
}

/**
 * One rule of a chain. A class, as the parts may be getters, which a spread would lose: `with` makes changed copies, and the
 * compiler takes no other object for a rule.
 */
export abstract class Rule implements RuleParts {
  abstract readonly spec: RuleSpec;
  abstract readonly matches: readonly MatchUse[];
  abstract readonly target: TargetUse;
  abstract readonly counters: Counters;
  abstract readonly origin: Origin | undefined;
  /** What the kernel sets up for it. */
  get needs(): KernelNeeds {
    return needsOfUses(this.matches, this.target);
  }

  /** What it asks of a packet, for whoever looks once and keeps nothing: a rule that was not asked before keeps nothing either. */
  conditions(): RuleConditions {
    return this;
  }

  /** There for the compiler only. */
  declare private readonly isRule: true;

  /** A copy with other parts. */
  with(change: Partial<RuleParts>): Rule {
    const { spec, matches, target, counters, origin } = this;
    return new PlainRule({ spec, matches, target, counters, origin, ...change });
  }
}

/** A rule that holds its parts. */
export class PlainRule extends Rule {
  readonly spec: RuleSpec;
  readonly matches: readonly MatchUse[];
  readonly target: TargetUse;
  readonly counters: Counters;
  readonly origin: Origin | undefined;

  constructor({ spec, matches, target, counters, origin }: RuleParts) {
    super();
    this.spec = spec;
    this.matches = matches;
    this.target = target;
    this.counters = counters;
    this.origin = origin;
  }
}

export interface Chain {
  readonly name: string;
  /** The hook of a built-in chain; `undefined` for a user-defined one. */
  readonly hook: Hook | undefined;
  readonly policy: "ACCEPT" | "DROP" | undefined;
  /** The policy's counters; a user-defined chain has none to show. */
  readonly counters: Counters;
  readonly rules: readonly Rule[];
}

/** Chains by name: built-in ones in hook order first, then user-defined ones sorted by name as strcmp(3) does. */
export interface Table {
  readonly name: TableName;
  readonly chains: ReadonlyMap<string, Chain>;
}

/** Immutable. Tables stand in the order in which they were first loaded; iptables-save prints the last one first. */
export interface Ruleset {
  readonly family: Family;
  readonly tables: ReadonlyMap<TableName, Table>;
}
