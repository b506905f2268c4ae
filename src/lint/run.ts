import type { Analysis } from "../analyse/analysis.ts";
import { SetsTooLarge } from "../analyse/sets-too-large.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type Pragma, readPragmas } from "./pragma.ts";
import type { Finding, Found, LintContext, LintLevel, LintRule } from "./rule.ts";

/** Which rules run, and how grave their findings are where that was changed. */
export interface LintChoice {
  readonly rules: readonly LintRule[];
  readonly levels: ReadonlyMap<string, LintLevel>;
}

export interface LintResult {
  /** By place. */
  readonly findings: readonly Finding[];
  /** How many findings pragmas silenced. */
  readonly silenced: number;
}

/**
 * Runs lint rules on what one text holds: one rule set, or two where it is a script for both families. The rules run in the
 * order given, which puts the one about pragmas last.
 */
export function lint(
  halves: readonly Omit<LintContext, "unusedPragmas">[],
  { rules, levels }: LintChoice,
): LintResult {
  const run = new Run(rules, halves[0] ? readPragmas(halves[0].source) : []);
  const contexts = halves.map((half): LintContext => {
    const analysis = once(half.analysis);
    const context = {
      ...half,
      analysis: () => {
        run.throwIfTooLarge(context);
        return analysis();
      },
      unusedPragmas: () => run.takeUnused(),
    };
    return context;
  });
  for (const rule of rules) {
    for (const context of contexts) run.check(rule, levels.get(rule.id) ?? rule.level, context);
  }
  const findings = run.findings.sort(
    (a, b) => a.place.span.start - b.place.span.start || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  return { findings, silenced: run.silenced };
}

/** Sets of two analyses can't be compared: all rules must get the same one. */
function once(make: () => Analysis): () => Analysis {
  let made: Analysis | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

class Run {
  readonly findings: Finding[] = [];
  silenced = 0;
  readonly #pragmas: readonly Pragma[];
  readonly #ids: ReadonlySet<string>;
  readonly #used = new Set<Pragma>();
  readonly #subjects = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #tooLarge = new Map<LintContext, SetsTooLarge>();

  constructor(rules: readonly LintRule[], pragmas: readonly Pragma[]) {
    this.#pragmas = pragmas;
    this.#ids = new Set(rules.map(({ id }) => id));
  }

  /** Each idle pragma once. One that names only rules that do not run says nothing. */
  takeUnused(): readonly Pragma[] {
    const unused = this.#pragmas.filter(
      (pragma) => !this.#used.has(pragma) && pragma.ids.some((id) => this.#ids.has(id) || !isKnownShape(id)),
    );
    for (const pragma of unused) this.#used.add(pragma);
    return unused;
  }

  /** What has failed once is not tried again for each rule. */
  throwIfTooLarge(context: LintContext): void {
    const error = this.#tooLarge.get(context);
    if (error) throw error;
  }

  check(rule: LintRule, level: LintLevel, context: LintContext): void {
    try {
      this.#add(rule, level, rule.check(context), context);
    } catch (error) {
      if (!(error instanceof SetsTooLarge)) throw error;
      this.#tooLarge.set(context, error);
      this.#add(rule, "warning", [unanswered(rule, context, error)], context);
    }
  }

  #add(rule: LintRule, level: LintLevel, all: readonly Found[], context: LintContext): void {
    for (const found of all) {
      const { start } = found.place.span;
      // the halves of a script for both families share what is wrong with the script itself
      const same = `${rule.id} ${start} ${found.message}`;
      if (this.#told.has(same) && context.sibling) continue;
      this.#told.add(same);
      const pragma = this.#pragmas.find((one) => one.ids.includes(rule.id) && speaksOf(one, found.place));
      if (pragma) {
        this.#used.add(pragma);
        this.silenced++;
        continue;
      }
      const { subject: about, ...rest } = found;
      const subject = `${rule.id} ${context.ruleset.family} ${about}`;
      const count = (this.#subjects.get(subject) ?? 0) + 1;
      this.#subjects.set(subject, count);
      const fingerprint = fingerprintOf(count === 1 ? subject : `${subject} ${count}`);
      this.findings.push({ ...rest, id: rule.id, level, fingerprint });
    }
  }
}

/** A rule that would need larger sets than there is room for says so: silence would look like an answer. */
const unanswered = ({ name }: LintRule, { source }: LintContext, { message }: SetsTooLarge): Found => ({
  message: `\`${name}\` was not checked: ${message}; lint the tables or chains in files of their own`,
  place: { source, span: { start: 0, end: 0 } },
  subject: "unanswered",
  related: [],
  assumptions: [],
});

/** An id that no rule has is a mistake whatever runs. */
const isKnownShape = (id: string): boolean => /^NV\d{3}$/.test(id);

/** A pragma on any line of a command speaks of it, continuation lines included. */
function speaksOf(pragma: Pragma, { source, span }: Finding["place"]): boolean {
  if (pragma.source.name !== source.name) return false;
  if (pragma.line === undefined) return true;
  const lines = lineTableOf(source);
  return (
    pragma.line >= lines.lineOf(span.start) && pragma.line <= lines.lineOf(Math.max(span.start, span.end - 1))
  );
}
