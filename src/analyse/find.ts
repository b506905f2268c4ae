import type { Trace } from "../evaluate/trace.ts";
import type { Formula } from "../formula/formula.ts";
import type { Analysis, Certainty, Outcome, PacketSet, Path } from "./analysis.ts";
import type { Decider } from "./diff.ts";
import type { PacketSpace } from "./packet-space.ts";
import { type RulePlaceText, ruleHits } from "./rule-hits.ts";
import { SearchedPath } from "./searched-path.ts";
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
  /** What says most comes first; made as they are asked for. None is a proof that there are no such packets. */
  readonly regions: Iterable<FoundRegion>;
  /** The packets that were looked for, of each path that has any. */
  sets(): ReadonlyMap<Path, PacketSet>;
  readonly assumptions: readonly string[];
}

/** All packets that are looked for. */
export function search(question: Question, analysis: Analysis): Search {
  const { space } = analysis;
  const paths = question.paths.flatMap((path): readonly SearchedPath[] => {
    const looked = space.and(space.domain(path), space.set(question.packets));
    return looked === 0 ? [] : [new SearchedPath(question, path, looked, analysis)];
  });
  const regions = repeatable(inOrder(paths, space));
  return {
    answer: answerOf(paths, regions, space),
    regions,
    sets: () =>
      new Map(paths.map((path) => [path.path, path.wanted()] as const).filter(([, set]) => set !== 0)),
    assumptions: analysis.assumptions,
  };
}

/** Regions with what is certain, and begins a connection over a wire, come first. */
function* inOrder(paths: readonly SearchedPath[], space: PacketSpace): Iterable<FoundRegion> {
  const fresh = space.ct.state("NEW");
  const inner = space.or(space.device("inDevice", "lo", false), space.device("outDevice", "lo", false));
  const kinds = [space.minus(fresh, inner), fresh, space.ct.state("ESTABLISHED"), 1];
  const rank = ({ packets }: FoundRegion): number => {
    const found = kinds.findIndex((kind) => space.isCertain(space.and(packets, kind)));
    return found < 0 ? kinds.length : found;
  };
  const held: FoundRegion[][] = Array.from({ length: kinds.length + 1 }, () => []);
  const open = new Map(paths.map((path) => [path, path.regions()[Symbol.iterator]()]));
  for (const [own, waiting] of held.entries()) {
    yield* waiting;
    for (const [path, rest] of open) {
      if (own < kinds.length && !path.mayHave(kinds[own]!)) continue;
      for (let next = rest.next(); !next.done; next = rest.next()) {
        const at = rank(next.value);
        if (at > own) held[at]?.push(next.value);
        else yield next.value;
      }
      open.delete(path);
    }
  }
}

function answerOf(
  paths: readonly SearchedPath[],
  regions: Iterable<FoundRegion>,
  space: PacketSpace,
): FindAnswer {
  const [first] = regions;
  if (!first) return "never";
  if (!paths.some((path) => path.hasOthers())) return "always";
  // what is certain comes first
  if (first.certainty === "always") return "some";
  // what decides may choose between regions that are all wanted
  return paths.some((path) => space.isCertain(path.wanted())) ? "some" : "may";
}

/** An iterable that remembers what was taken from it. */
function repeatable<Item>(from: Iterable<Item>): Iterable<Item> {
  const taken: Item[] = [];
  const rest = from[Symbol.iterator]();
  return {
    *[Symbol.iterator]() {
      for (let at = 0; ; at++) {
        if (at === taken.length) {
          const next = rest.next();
          if (next.done) return;
          taken.push(next.value);
        }
        yield taken[at]!;
      }
    },
  };
}

/**
 * Packets of the regions that the machine really treats so, one of each region first, then further ones that differ in
 * protocol, port, interface or state. Regions of which no packet could be shown are missing.
 */
export function* witnessesOf(
  regions: Iterable<FoundRegion>,
  question: Question,
  finder: WitnessFinder,
  space: PacketSpace,
): Iterable<FoundWitness> {
  let open: Iterable<{ readonly region: FoundRegion; readonly rest: PacketSet }> = whole(regions);
  let more = true;
  while (more) {
    const next: { region: FoundRegion; rest: PacketSet }[] = [];
    for (const { region, rest } of open) {
      const witness = finder.find(rest, region.path, (trace) => fits(trace, region, question));
      if (!witness) continue;
      yield { region, witness };
      const left = space.minus(rest, likeWitness(witness, space));
      if (left !== 0) next.push({ region, rest: left });
    }
    open = next;
    more = next.length > 0;
  }
}

function* whole(regions: Iterable<FoundRegion>) {
  for (const region of regions) yield { region, rest: region.packets };
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
