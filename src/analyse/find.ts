import type { Trace } from "../evaluate/trace.ts";
import type { Formula } from "../formula/formula.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Analysis, Certainty, Outcome, PacketSet, Path, Region } from "./analysis.ts";
import { type Decider, deciderOf } from "./diff.ts";
import type { PacketSpace } from "./packet-space.ts";
import { type RulePlaceText, ruleHits } from "./rule-hits.ts";
import type { Witness, WitnessFinder } from "./witness/find-witness.ts";
import { likeWitness } from "./witness/like-witness.ts";

/** What somebody looks for. */
export interface Question {
  /** The packets that are looked at, as they come in. */
  readonly packets: Formula;
  readonly paths: readonly Path[];
  /** What shall become of them; anything where it is absent. */
  readonly verdict?: Outcome;
  /** A rule that shall match them, or a chain whose policy shall decide. */
  readonly rule?: RulePlaceText;
}

/** `some`: of the packets looked at, some for certain and others not; `may`: for none of them it is certain. */
export type FindAnswer = Exclude<Certainty, "may"> | "some" | "may";

/** Packets that were looked for, and share the way, the decider and what is rewritten. */
export interface FoundRegion {
  readonly path: Path;
  readonly outcome: Outcome;
  readonly by: Decider;
  readonly rewrites: readonly string[];
  readonly packets: PacketSet;
  /** For some of them it is certain; for the others, or for all, what sets cannot see decides. */
  readonly certainty: Exclude<Certainty, "never">;
  /** What decides where it is not certain. */
  readonly dependsOn: readonly string[];
}

/** A region with one of its packets. */
export interface FoundWitness {
  readonly region: FoundRegion;
  readonly witness: Witness;
}

export interface Search {
  readonly answer: FindAnswer;
  readonly regions: readonly FoundRegion[];
  readonly assumptions: readonly string[];
}

/** All packets that are looked for, in regions. No region is a proof that there are none. */
export function search(question: Question, analysis: Analysis): Search {
  const { space, ruleset } = analysis;
  const regions: FoundRegion[] = [];
  let others = false;
  for (const path of question.paths) {
    const looked = space.and(space.domain(path), space.set(question.packets));
    if (looked === 0) continue;
    for (const region of analysis.path(path, looked).regions) {
      const inside = space.and(looked, region.packets);
      if (inside === 0) continue;
      const wanted = wantedOf(inside, region, question, analysis);
      others ||= wanted !== inside;
      if (wanted !== 0) regions.push(foundIn(region, wanted, path, space, ruleset));
    }
  }
  const ranks = new Map(regions.map((region) => [region, rank(region, space)]));
  regions.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  return { answer: answerOf(regions, others, space), regions, assumptions: analysis.assumptions };
}

/** What is certain, and begins a connection over a wire, says most. */
function rank({ packets, certainty }: FoundRegion, space: PacketSpace): number {
  if (certainty === "may") return 4;
  const fresh = space.and(packets, space.ct.state("NEW"));
  if (fresh === 0) return space.disjoint(packets, space.ct.state("ESTABLISHED")) ? 3 : 2;
  const inner = space.or(space.device("inDevice", "lo", false), space.device("outDevice", "lo", false));
  return space.implies(fresh, inner) ? 1 : 0;
}

/** Which of a region's packets are looked for. */
function wantedOf(
  inside: PacketSet,
  { outcome, by }: Region,
  { verdict, rule }: Question,
  analysis: Analysis,
): PacketSet {
  if (verdict !== undefined && outcome !== verdict) return 0;
  if (rule === undefined) return inside;
  if (rule.number === "policy")
    return "policy" in by && by.table === rule.table && by.chain === rule.chain ? inside : 0;
  const reach = analysis
    .rules()
    .find(
      ({ table, chain, number }) => table === rule.table && chain === rule.chain && number === rule.number,
    );
  return reach?.matchedOf(inside) ?? 0;
}

function foundIn(
  { outcome, rewrites, ...region }: Region,
  packets: PacketSet,
  path: Path,
  space: PacketSpace,
  ruleset: Ruleset,
): FoundRegion {
  const certainty = space.definitely(packets) === 0 ? "may" : "always";
  const by = deciderOf({ outcome, rewrites, ...region }, ruleset);
  const dependsOn = certainty === "may" ? space.deciders(packets) : [];
  return { path, outcome, by, rewrites, packets, certainty, dependsOn };
}

function answerOf(regions: readonly FoundRegion[], others: boolean, space: PacketSpace): FindAnswer {
  if (regions.length === 0) return "never";
  if (!others) return "always";
  if (regions.some(({ certainty }) => certainty === "always")) return "some";
  // what decides may choose between regions that are all wanted
  const together = space.union(regions.map(({ packets }) => packets));
  return space.definitely(together) === 0 ? "may" : "some";
}

/**
 * Packets of the regions that the machine really treats so, one of each region first, then further ones that differ in
 * protocol, port, interface or state. Regions of which no packet could be shown are missing.
 */
export function* witnessesOf(
  regions: readonly FoundRegion[],
  question: Question,
  finder: WitnessFinder,
  space: PacketSpace,
): Iterable<FoundWitness> {
  let open = regions.map((region) => ({ region, rest: region.packets }));
  while (open.length > 0) {
    const next: typeof open = [];
    for (const { region, rest } of open) {
      const witness = finder.find(rest, region.path, (trace) => fits(trace, region, question));
      if (!witness) continue;
      yield { region, witness };
      const left = space.minus(rest, likeWitness(witness, space));
      if (left !== 0) next.push({ region, rest: left });
    }
    open = next;
  }
}

const endOf = { INPUT: ["delivered"], FORWARD: ["forwarded"], OUTPUT: ["sent", "delivered"] } as const;

/** Whether the machine did with a packet what the sets say. */
function fits(trace: Trace, { outcome, by, path }: FoundRegion, { rule }: Question): boolean {
  const { fate } = trace;
  const { decision } = fate;
  if (fate.verdict !== outcome || fate.outcome === "held" || decision.kind === "host") return false;
  if (outcome === "ACCEPT" && !endOf[path].some((end) => end === fate.outcome)) return false;
  if (decision.table !== by.table || decision.chain !== by.chain) return false;
  if ((decision.kind === "rule" ? decision.number : "policy") !== ("number" in by ? by.number : "policy"))
    return false;
  return rule === undefined || rule.number === "policy" || ruleHits(trace, rule) > 0;
}
