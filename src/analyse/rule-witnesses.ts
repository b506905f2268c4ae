import type { Trace } from "../evaluate/trace.ts";
import type { Ipsets } from "../host/ipset/ipsets.ts";
import type { Rule } from "../model/ruleset.ts";
import type { Analysis, PacketSet, Path, RuleReach } from "./analysis.ts";
import type { PacketSpace } from "./packet-space.ts";
import { paths } from "./path.ts";
import type { RulePlaceText } from "./rule-hits.ts";
import { type Witness, WitnessFinder } from "./witness/find-witness.ts";
import { Stage } from "./witness/stage.ts";
import { goTogether } from "./witness/together.ts";

/** Why no packet is shown for a rule. */
export type NoWitness =
  /** Its conditions contradict each other. */
  | { readonly kind: "impossible" }
  /** No packet comes into its chain, or past the rules before it. */
  | { readonly kind: "not-reached" }
  /** Rules before it take every packet that it would match. */
  | { readonly kind: "taken-before" }
  /** Packets may match it, if what sets cannot see says so; no packet was found for which it does. */
  | { readonly kind: "depends"; readonly on: readonly string[] }
  /** Packets match it, and the machine was shown none: words cannot say them, or the host would have to be known. */
  | { readonly kind: "not-shown" }
  /** There is one, but not among the other ones' packets on one host. */
  | { readonly kind: "apart" };

/** A rule with a packet that it matches, or with the reason why there is none. */
export type RuleWitness = {
  readonly place: RulePlaceText & { readonly number: number };
  readonly rule: Rule;
} & ({ readonly witness: Witness } | { readonly none: NoWitness });

export interface RuleWitnessOptions {
  /** When the first packet is sent, in seconds since 1970. */
  readonly now: number;
  readonly sets?: Ipsets | undefined;
  /** Each story has a machine of its own, else all are played on one. */
  readonly apart?: boolean;
}

/** Between two stories: most of what a machine remembers of connections and limits has gone by then. */
const pause = 3600;

/** One packet for each rule, in the rule set's order. Stories that share a machine follow each other in time. */
export function* ruleWitnesses(analysis: Analysis, options: RuleWitnessOptions): Iterable<RuleWitness> {
  const finder = new WitnessFinder(analysis, options);
  const { backend } = analysis.settings;
  const stage = options.apart ? undefined : new Stage(analysis.ruleset, { ...options, backend });
  let { now } = options;
  let count = 0;
  for (const reach of analysis.rules()) {
    const { table, chain, number } = reach;
    const rule = analysis.ruleset.tables.get(table)?.chains.get(chain)?.rules[number - 1];
    if (rule === undefined) continue;
    const place = { table, chain, number };
    const on = { stage, now, salt: stage ? count : 0 };
    const witness = witnessFor(reach, analysis.space, (set, path) =>
      finder.find(set, path, (trace) => matches(trace, place), on),
    );
    if (witness) {
      count++;
      if (stage) now = Math.max(now, witness.picked.at) + pause;
      yield { place, rule, witness };
    } else yield { place, rule, none: whyNone(reach, analysis.space) };
  }
}

/** The same with those left out that do not go together on one host. */
export function onOneHost(
  found: readonly RuleWitness[],
  { ruleset, settings: { backend } }: Analysis,
  options: RuleWitnessOptions,
): readonly RuleWitness[] {
  const witnesses = found.flatMap((one) => ("witness" in one ? [one.witness] : []));
  const kept = goTogether(witnesses, ruleset, { now: options.now, sets: options.sets, backend });
  return found.map((one) =>
    "witness" in one && !kept.has(one.witness)
      ? { place: one.place, rule: one.rule, none: { kind: "apart" } }
      : one,
  );
}

/** What the nat table sends elsewhere is forwarded. */
const natFirst: readonly Path[] = ["FORWARD", "INPUT", "OUTPUT"];

function witnessFor(
  reach: RuleReach,
  space: PacketSpace,
  find: (set: PacketSet, path: Path) => Witness | undefined,
): Witness | undefined {
  if (!reach.isMatched) return undefined;
  for (const path of reach.table === "nat" ? natFirst : paths) {
    const set = reach.matchedOf(space.domain(path));
    const witness = set === 0 ? undefined : find(set, path);
    if (witness) return witness;
  }
  return undefined;
}

/** The rule matched this very packet, not only an answer to it. */
const matches = ({ events }: Trace, { table, chain, number }: RulePlaceText): boolean =>
  events.some(
    (event) =>
      event.kind === "rule" && event.table === table && event.chain === chain && event.number === number,
  );

function whyNone(reach: RuleReach, space: PacketSpace): NoWitness {
  if (reach.conditions === 0) return { kind: "impossible" };
  if (!reach.isReached) return { kind: "not-reached" };
  if (!reach.isMatched) return { kind: "taken-before" };
  const { matched } = reach;
  if (space.definitely(matched) !== 0) return { kind: "not-shown" };
  return { kind: "depends", on: space.deciders(matched) };
}
