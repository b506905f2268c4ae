import type { Rule } from "../model/ruleset.ts";
import type { Analysis, Ending, PacketSet, Path, PathResult, Region } from "./analysis.ts";
import { deciderOf } from "./diff.ts";
import type { FoundRegion, Question } from "./find.ts";

/** The packets of one path that somebody looks for. */
export class SearchedPath {
  readonly path: Path;
  private readonly question: Question;
  private readonly looked: PacketSet;
  private readonly analysis: Analysis;
  private readonly rule: Rule | undefined;
  private knownWay: PathResult | undefined;
  private knownMatched: PacketSet | undefined;

  constructor(question: Question, path: Path, looked: PacketSet, analysis: Analysis) {
    this.question = question;
    this.path = path;
    this.looked = looked;
    this.analysis = analysis;
    this.rule = ruleOf(question, analysis);
  }

  /** Their regions; made one by one. */
  *regions(): Iterable<FoundRegion> {
    for (const ending of this.way.endings) {
      if (!this.isWanted(ending)) continue;
      for (const region of ending.regions()) {
        const { packets: all } = region;
        const packets = this.rule ? this.analysis.space.and(this.matched, all) : all;
        if (packets !== 0) yield this.found(region, packets);
      }
    }
  }

  /** Whether any of them may be of this kind for certain; no is a proof. */
  mayHave(kind: PacketSet): boolean {
    const { space } = this.analysis;
    const asked = space.and(kind, this.matched);
    const { accepted } = this.way;
    const candidates =
      this.question.verdict === "ACCEPT"
        ? accepted.map((set) => space.and(set, asked))
        : this.question.verdict === undefined
          ? [asked]
          : [space.minus(asked, space.union(accepted))];
    return candidates.some((set) => space.isCertain(set));
  }

  /** All of them. */
  wanted(): PacketSet {
    const { space } = this.analysis;
    const { verdict, rule } = this.question;
    if (verdict === "ACCEPT" && rule?.number !== "policy")
      return space.and(this.matched, space.union(this.way.accepted));
    return space.union([...this.regions()].map(({ packets }) => packets));
  }

  /** Whether something else becomes of any packet that was looked at. */
  hasOthers(): boolean {
    const { space } = this.analysis;
    const { verdict = "ACCEPT" } = this.question;
    if (verdict !== "ACCEPT" && this.way.accepted.some((set) => set !== 0)) return true;
    return this.way.endings.some((ending) => {
      if (!this.isWanted(ending)) return ending.regions().length > 0;
      return this.rule && ending.regions().some(({ packets }) => !space.implies(packets, this.matched));
    });
  }

  /** Made when it is asked for: what was found on one path may do. */
  private get way(): PathResult {
    this.knownWay ??= this.analysis.path(this.path, this.looked);
    return this.knownWay;
  }

  /** What was looked at, and is matched by the rule where one was asked for. */
  private get matched(): PacketSet {
    if (this.knownMatched === undefined) {
      const { rule, looked } = this;
      this.knownMatched = rule ? this.analysis.space.and(looked, this.way.matchedBy(rule)) : looked;
    }
    return this.knownMatched;
  }

  private isWanted({ outcome, by }: Ending): boolean {
    const { verdict, rule } = this.question;
    if (verdict !== undefined && outcome !== verdict) return false;
    return (
      rule?.number !== "policy" || ("policy" in by && by.table === rule.table && by.chain === rule.chain)
    );
  }

  private found(region: Region, packets: PacketSet): FoundRegion {
    const { space, ruleset } = this.analysis;
    const { outcome, rewrites } = region;
    const certainty = space.isCertain(packets) ? "always" : "may";
    const dependsOn = certainty === "may" ? space.deciders(packets) : [];
    return {
      path: this.path,
      outcome,
      by: deciderOf(region, ruleset),
      rewrites,
      packets,
      certainty,
      dependsOn,
    };
  }
}

function ruleOf({ rule }: Question, { ruleset }: Analysis): Rule | undefined {
  if (!rule || rule.number === "policy") return undefined;
  return ruleset.tables.get(rule.table)?.chains.get(rule.chain)?.rules[rule.number - 1];
}
