import type { RulePlace } from "../evaluate/trace.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Backend } from "../model/hooks.ts";
import type { Chain, Rule, Ruleset } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { Path } from "./path.ts";
import type { View } from "./view.ts";

export type { PacketSet, Path };

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
  /** Packets that come to the rule's chain. */
  readonly entering: PacketSet;
  /** Whether `reached` is empty; the sets themselves may be large, and are not made for this question or the next ones. */
  readonly isReached: boolean;
  readonly isMatched: boolean;
  /** Whether every packet that reaches the rule matches it. */
  readonly matchesAll: boolean;
  /** Whether any packet of a set reaches the rule and matches it. */
  matchesAny(set: PacketSet): boolean;
  /** The packets of a set that reach the rule. */
  reachedOf(set: PacketSet): PacketSet;
  /** The packets of a set that reach the rule and match it. */
  matchedOf(set: PacketSet): PacketSet;
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
  /** What the packets were when they got their verdict: `space.set(formula, view)` asks it. */
  readonly view: View;
  /** How the packet was changed when it got its verdict, e.g. `destination 10.0.0.9:8080`, `mark 0x1`; empty where it was not. */
  readonly rewrites: readonly string[];
}

/** What one rule or policy does with packets of a path; some endings get none. */
export interface Ending extends Pick<Region, "outcome" | "by" | "hook"> {
  /** Its packets: one region for each way that they are rewritten. Made when they are first asked for. */
  regions(): readonly Region[];
}

export interface PathResult {
  readonly path: Path;
  /** Whose regions are all of the path's. */
  readonly endings: readonly Ending[];
  /** The packets of the path that a rule matches. */
  matchedBy(rule: Rule): PacketSet;
  /** Disjoint; together all packets of the path. Many and large: ask for a path within a set where that will do. */
  readonly regions: readonly Region[];
  /** The packets that are accepted, whoever decided, in disjoint pieces. */
  readonly accepted: readonly PacketSet[];
  /** The packets that are left to a program, in disjoint pieces. */
  readonly queued: readonly PacketSet[];
}

/** What the rule set as a whole says about the host. */
export interface PathSettings {
  readonly backend: Backend;
  /** A rule turns connection tracking on. */
  readonly tracks: boolean;
  /** A rule of the nat table translates, so that connections from before may be translated, too. */
  readonly translates: boolean;
  readonly hasNat: boolean;
  /** The nat table tells all packets of a connection's one side the same, as far as their fields are. */
  readonly natIsSteady: boolean;
  /** A rule asks for the TTL or changes it. */
  readonly asksTtl: boolean;
}

/** A rule set read as sets of packets. Made by `analyse(ruleset, options)` in analyse.ts. */
export interface Analysis {
  readonly ruleset: Ruleset;
  /** What its sets are numbers of: sets of one space only can be combined and compared. */
  readonly space: PacketSpace;
  readonly settings: PathSettings;
  /** What the answers rest on that is not modelled: unknown targets, taken as going on with the next rule. */
  readonly assumptions: readonly string[];
  /** All packets of a path, or only those of a set: the smaller it is the faster. */
  path(path: Path, within?: PacketSet): PathResult;
  /** The packets that any of these rules matches, or that come to the end of one of these built-in chains. */
  touched(these: ReadonlySet<Rule | Chain>): PacketSet;
  /** Every rule of every chain, unreachable chains included (their rules are reached by no packet). */
  rules(): readonly RuleReach[];
}
