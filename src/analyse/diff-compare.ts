import type { Trace } from "../evaluate/trace.ts";
import type { Backend } from "../model/hooks.ts";
import { tracksConnections } from "../model/rule-formula.ts";
import type { Rule, Ruleset } from "../model/ruleset.ts";
import { analyse } from "./analyse.ts";
import { type DiffGroup, type DiffSide, differences } from "./diff.ts";
import { visibleFate } from "./diff-fates.ts";
import { withSameRules } from "./diff-same-rules.ts";
import type { PacketSpace } from "./packet-space.ts";
import { pickPackets } from "./witness/find-witness.ts";
import { interfaceNames } from "./witness/interface-names.ts";
import { patternsOf } from "./witness/patterns.ts";
import type { Taste } from "./witness/pick-packet.ts";
import { replayWords } from "./witness/stage.ts";
import { assuming } from "./witness/story.ts";

/** A packet that fares differently, as the machine ran it with both rule sets. */
export interface DiffExample {
  /** iptables' words. */
  readonly words: string;
  readonly old: Trace;
  readonly new: Trace;
  /** The machine, too, treats it differently. */
  readonly confirmed: boolean;
}

/** A group of packets with one of them. */
export interface DiffEntry extends DiffGroup {
  /** `undefined` where no packet could be written in words. */
  readonly example: DiffExample | undefined;
  /** What sets of packets cannot see and the difference depends on; empty where it is there in any case. */
  readonly hangsOn: readonly string[];
}

export interface Comparison {
  /** All groups that differ; `entries` has the first ones. */
  readonly groups: number;
  readonly entries: readonly DiffEntry[];
  /** What the comparison rests on that is not modelled. */
  readonly assumptions: readonly string[];
}

export interface CompareOptions {
  /** Groups that get an example; 0 for all. */
  readonly limit: number;
  readonly backend?: Backend | undefined;
  /** When the examples are sent, in seconds since 1970. */
  readonly now?: number;
}

/** Compares two rule sets of one family for all packets. No groups is a proof that no packet fares differently. */
export function compareRulesets(before: Ruleset, after: Ruleset, options: CompareOptions): Comparison {
  const { limit, now = 0, backend } = options;
  const { ruleset: aligned, written } = withSameRules(before, after);
  const old = analyse(before, { backend });
  const next = analyse(aligned, { space: old.space, backend });
  const groups = inOrder(differences(old, next), old.space);
  const taste = { interfaces: interfaceNames(before, after), patterns: patternsOf(before, after), now };
  const entries = groups.slice(0, limit === 0 ? groups.length : limit).map(
    (group): DiffEntry => ({
      ...group,
      new: asWritten(group.new, written),
      example: exampleOf(group, old.space, taste, (words, at) => run(words, before, after, { at, backend })),
      hangsOn: old.space.definitely(group.packets) === 0 ? old.space.deciders(group.packets) : [],
    }),
  );
  const assumptions = [
    ...new Set([...old.assumptions, ...next.assumptions, ...aboutFragments(before, after)]),
  ];
  // what the machine shows comes before what only sets tell
  const shown = [...entries].sort((a, b) => Number(isShown(b)) - Number(isShown(a)));
  return { groups: groups.length, entries: shown, assumptions };
}

/** With conntrack on, fragments are put together before the first rule (nf_defrag); without it rules see each of them. */
function aboutFragments(...rulesets: readonly Ruleset[]): readonly string[] {
  const tracking = rulesets.map(tracksConnections);
  if (tracking[0] === tracking[1]) return [];
  return [
    "only one rule set makes the kernel track connections and so put fragments together: fragments are not compared",
  ];
}

const isShown = ({ example }: DiffEntry): boolean => example?.confirmed === true;

/** What is newly let through comes first, then what is no longer; what is in doubt comes last. */
function inOrder(groups: readonly DiffGroup[], space: PacketSpace): readonly DiffGroup[] {
  const rank = (group: DiffGroup): number => {
    const sure = space.definitely(group.packets) === 0 ? 4 : 0;
    if (group.old.outcome !== "ACCEPT" && group.new.outcome === "ACCEPT") return sure;
    return sure + (group.new.outcome !== "ACCEPT" && group.old.outcome === "ACCEPT" ? 1 : 2);
  };
  const ranked = groups.map((group) => ({ group, rank: rank(group) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ group }) => group);
}

const asWritten = (side: DiffSide, written: ReadonlyMap<Rule, Rule>): DiffSide =>
  "rule" in side.by ? { ...side, by: { ...side.by, rule: written.get(side.by.rule) ?? side.by.rule } } : side;

function exampleOf(
  { path, packets }: DiffGroup,
  space: PacketSpace,
  taste: Taste,
  runBoth: (words: string, at: number) => DiffExample | undefined,
): DiffExample | undefined {
  let best: DiffExample | undefined;
  for (const picked of pickPackets(space, packets, path, taste)) {
    const example = runBoth(assuming(picked).words, picked.at);
    if (example?.confirmed) return example;
    best ??= example;
  }
  return best;
}

function run(
  words: string,
  before: Ruleset,
  after: Ruleset,
  { at, backend }: { readonly at: number; readonly backend: Backend | undefined },
): DiffExample | undefined {
  const old = replayWords(words, before, at, { backend });
  const next = replayWords(words, after, at, { backend });
  if (!old || !next) return undefined;
  return { words, old, new: next, confirmed: visibleFate(old) !== visibleFate(next) };
}
