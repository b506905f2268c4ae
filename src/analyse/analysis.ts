import type { RulePlace } from "../evaluate/trace.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";

/** A set of packets in a `PacketSpace`: a node number. Equal sets of one space are equal numbers; 0 is empty, 1 is all. */
export type PacketSet = number;

/** Where a packet starts and which way it takes through the host. */
export type Path = "INPUT" | "FORWARD" | "OUTPUT";

/** What can become of a packet on a path. */
export type Outcome = "ACCEPT" | "DROP" | "REJECT" | "QUEUE";

/** Three answers: for every packet, for none, or it hangs on what sets cannot see (memory, opaque tests, unknown matches). */
export type Certainty = "always" | "never" | "may";

/** What an analysis says about one rule of a chain, over all packets that can get there on any path. */
export interface RuleReach extends RulePlace {
  /** Packets (as they entered the host) with which the walk reaches the rule. */
  readonly reached: PacketSet;
  /** Of those, the ones that the rule matches. */
  readonly matched: PacketSet;
  /** Packets that satisfy the rule's own conditions, wherever it stands. */
  readonly conditions: PacketSet;
}

/** One piece of a path's result: packets that share one fate. */
export interface Region {
  readonly packets: PacketSet;
  readonly outcome: Outcome;
  /** The deciding rule, or the chain whose policy decided. */
  readonly by:
    | RulePlace
    | { readonly table: TableName; readonly chain: string; readonly policy: "ACCEPT" | "DROP" };
  readonly hook: Hook;
  /** How the packet was changed when it got its verdict, e.g. `destination 10.0.0.9:8080`, `mark 0x1`; empty where it was not. */
  readonly rewrites: readonly string[];
}

export interface PathResult {
  readonly path: Path;
  /** Disjoint; together all packets of the path. */
  readonly regions: readonly Region[];
}

/** A rule set read as sets of packets. Made by `analyse(ruleset, options)` in analyse.ts. */
export interface Analysis {
  readonly ruleset: Ruleset;
  path(path: Path): PathResult;
  /** Every rule of every chain, unreachable chains included (their rules are reached by no packet). */
  rules(): readonly RuleReach[];
}
