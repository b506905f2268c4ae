import { analyse } from "../analyse/analyse.ts";
import type { Analysis } from "../analyse/analysis.ts";
import { type Proof, prove } from "../analyse/policy.ts";
import type { CheckResult } from "../analyse/policy-check.ts";
import { expandAddresses } from "../analyse/policy-groups.ts";
import { readPacketWords, type WordedSet } from "../analyse/policy-words.ts";
import { SetsTooLarge } from "../analyse/sets-too-large.ts";
import { WitnessFinder } from "../analyse/witness/find-witness.ts";
import type { Source, Span } from "../diagnostics/diagnostic.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import { renderDiagnostic } from "../diagnostics/render.ts";
import { type Formula, or } from "../formula/formula.ts";
import type { Ipsets } from "../host/ipset/ipsets.ts";
import { ToldSets } from "../host/ipset/told-sets.ts";
import type { Backend } from "../model/hooks.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { InputError } from "./exit-status.ts";
import type { PolicyFile, SetCheck } from "./policy-file.ts";

export interface SetCheckSettings {
  /** When counterexamples are sent, in seconds since 1970. */
  readonly start: number;
  readonly backend: Backend;
  readonly sets: Ipsets | undefined;
}

/** Proves a policy's checks over sets of packets on one rule set, which is analysed once, at the first of them. */
export class SetChecker {
  private readonly policy: PolicyFile;
  private readonly ruleset: Ruleset;
  private readonly settings: SetCheckSettings;
  private readonly told: ToldSets | undefined;
  private analysis: Analysis | undefined;
  private finder: WitnessFinder | undefined;

  constructor(policy: PolicyFile, ruleset: Ruleset, settings: SetCheckSettings) {
    const { sets } = settings;
    this.settings = settings;
    this.told = sets && new ToldSets(sets, ruleset);
    this.policy = policy;
    this.ruleset = ruleset;
  }

  /** Throws `InputError` for words that are no match words. */
  run(check: SetCheck): CheckResult {
    const packets = this.read(check);
    try {
      return this.result(check, this.proofOf(check, packets));
    } catch (error) {
      if (!(error instanceof SetsTooLarge)) throw error;
      const { message } = error;
      return this.result(check, { status: "unknown", message, counterexample: undefined, assumptions: [] });
    }
  }

  private proofOf(check: SetCheck, packets: WordedSet): Proof {
    const { start, backend, sets: ipsets } = this.settings;
    const analysis = this.analysis ?? analyse(this.ruleset, { sets: this.told, backend });
    this.analysis = analysis;
    const { space } = analysis;
    const written = space.set(packets.formula);
    const all = check.from ? space.minus(written, space.set(this.sources(check.from))) : written;
    const paths = check.path ? [check.path] : packets.paths;
    const sets = paths.map((path) => ({ path, packets: space.and(space.domain(path), all) }));
    const isEmpty = paths.every((path) => space.disjoint(space.domain(path), written));
    const kind = check.kind === "accept" ? "accept" : "deny";
    const finder = this.finder ?? new WitnessFinder(analysis, { now: start, sets: ipsets, alone: true });
    this.finder = finder;
    return prove({ kind, sets, isEmpty }, analysis, (set, path, holds) => {
      const witness = finder.find(set, path, holds);
      return witness && { words: witness.story.words, trace: witness.played.trace };
    });
  }

  private result(check: SetCheck, proof: Proof): CheckResult {
    return {
      ...proof,
      name: check.name,
      source: this.policy.source,
      span: check.span,
      disappointments: [],
      unknownFails: !check.allowUnknown,
    };
  }

  private read({ words }: SetCheck): WordedSet {
    const { groups } = this.policy;
    const { value, diagnostics } = readPacketWords(words.text, {
      family: this.ruleset.family,
      groups,
      sets: this.told,
      source: words.source,
      offset: words.offset,
    });
    if (value) return value;
    throw new InputError(diagnostics.map((one) => renderDiagnostic(one)).join("\n"));
  }

  /** The packets that `from` names by their source. */
  private sources({ list, span }: { readonly list: readonly string[]; readonly span: Span }): Formula {
    const addresses = expandAddresses(list, this.policy.groups);
    if (typeof addresses === "string") throw faultAt(this.policy.source, span, addresses);
    const parts = addresses.map((address) => {
      const { value, diagnostics } = readPacketWords(`-s ${address}`, { family: this.ruleset.family });
      if (value) return value.formula;
      throw faultAt(this.policy.source, span, diagnostics[0]?.message ?? `\`${address}\` is no address`);
    });
    return or(...parts);
  }
}

function faultAt(source: Source, span: Span, message: string): InputError {
  const { line, column } = lineTableOf(source).position(span.start);
  return new InputError(`${source.name}:${line}:${column}: ${message}`);
}
