import type { Source } from "../diagnostics/diagnostic.ts";
import type { Hook } from "../packet/context.ts";
import { everyHook, type HookSet, hookSet, noHook } from "./hook-set.ts";
import { type KernelNeeds, needBits } from "./kernel-needs.ts";
import { RuleOrigin } from "./rule-origin.ts";
import {
  type Counters,
  type MatchUse,
  type Origin,
  Rule,
  type RuleConditions,
  type RuleParts,
  type RuleSpec,
  type TargetUse,
} from "./ruleset.ts";

/** Reads the conditions of rules of one source again, in which no fault was found before. */
export interface ConditionsReader {
  readonly source: Source;
  /** `start` is where `-A CHAIN` begins, `end` where the line ends. */
  reread(start: number, end: number): RuleConditions;
}

/** What is known of a rule from the first reading of its line. */
export interface SavedTraits {
  /** It asks nothing of a packet. */
  readonly bare: boolean;
  /** From these hooks its chain may be reached, and the kernel has nothing against its matches and target; none: ask. */
  readonly takenAt: HookSet;
  /** What the kernel sets up for it. */
  readonly needs: KernelNeeds;
  /** Its text is what iptables-save prints. */
  readonly canonical: boolean;
}

// the traits in one word: bits for what is true, above them the needs, then the hooks
const bare = 1;
const canonical = 2;
const needShift = 2;
const hookShift = needShift + needBits;

/**
 * A rule of a save file, kept as its place in the text: its conditions are read again when somebody asks for them, which
 * for most of the 160,000 rules of a long dump nobody does.
 */
export class SavedRule extends Rule {
  readonly target: TargetUse;
  readonly counters: Counters;
  readonly #reader: ConditionsReader;
  readonly #start: number;
  /** Behind `-A CHAIN `. */
  readonly #body: number;
  readonly #end: number;
  readonly #traits: number;
  #conditions: RuleConditions | undefined;

  constructor(
    reader: ConditionsReader,
    place: { readonly start: number; readonly body: number; readonly end: number },
    target: TargetUse,
    counters: Counters,
    traits: SavedTraits,
  ) {
    super();
    this.target = target;
    this.counters = counters;
    this.#reader = reader;
    this.#start = place.start;
    this.#body = place.body;
    this.#end = place.end;
    this.#traits =
      (traits.bare ? bare : 0) |
      (traits.canonical ? canonical : 0) |
      (traits.needs << needShift) |
      (traits.takenAt << hookShift);
  }

  get spec(): RuleSpec {
    return this.#read().spec;
  }

  get matches(): readonly MatchUse[] {
    return this.#read().matches;
  }

  get origin(): Origin {
    return new RuleOrigin(this.#reader.source, this.#start, this.#end);
  }

  get bare(): boolean {
    return (this.#traits & bare) !== 0;
  }

  override get needs(): KernelNeeds {
    return (this.#traits >> needShift) & ((1 << needBits) - 1);
  }

  /** Whether the kernel has nothing against it, from wherever its chain is reached. */
  get isTakenEverywhere(): boolean {
    return this.#traits >> hookShift === everyHook;
  }

  /** Whether it has nothing against it where just these hooks reach its chain; where not, nobody has looked. */
  isTakenAt(hooks: readonly Hook[]): boolean {
    const takenAt = this.#traits >> hookShift;
    return takenAt !== noHook && (hookSet(hooks) & ~takenAt) === 0;
  }

  /** What iptables-save prints behind `-A CHAIN `, where the text says just that. */
  get canonicalText(): string | undefined {
    return this.#traits & canonical ? this.#reader.source.text.slice(this.#body, this.#end) : undefined;
  }

  override with(change: Partial<RuleParts>): Rule {
    const { counters, ...rest } = change;
    if (counters === undefined || Object.keys(rest).length > 0) return super.with(change);
    const place = { start: this.#start, body: this.#body, end: this.#end };
    const traits = {
      bare: this.bare,
      canonical: (this.#traits & canonical) !== 0,
      needs: this.needs,
      takenAt: this.#traits >> hookShift,
    };
    return new SavedRule(this.#reader, place, this.target, counters, traits);
  }

  override conditions(): RuleConditions {
    return this.#conditions ?? this.#reader.reread(this.#start, this.#end);
  }

  #read(): RuleConditions {
    this.#conditions ??= this.#reader.reread(this.#start, this.#end);
    return this.#conditions;
  }
}
