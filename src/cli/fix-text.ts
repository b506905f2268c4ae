import { analyse } from "../analyse/analyse.ts";
import { differences } from "../analyse/diff.ts";
import { withSameRules } from "../analyse/diff-same-rules.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import type { Finding, LintFix } from "../lint/rule.ts";
import { halvesOf, type LintHalf, type LintText } from "./lint-file.ts";

type Edit = LintFix["edits"][number];

export interface FixedText {
  readonly text: string;
  /** What was changed, as lines of a diff, and what could not be. */
  readonly notes: readonly string[];
}

/**
 * Applies the fixes that findings offer, all of them or else those of one rule after the other, as long as it is proved on
 * the text that comes out that no packet fares differently.
 */
export function fixText(
  about: LintText,
  halves: readonly LintHalf[],
  findings: readonly Finding[],
): FixedText {
  const fixable = findings.filter(({ fix }) => fix !== undefined);
  if (fixable.length === 0) return { text: about.text, notes: [] };
  const attempt = (some: readonly Finding[]) => {
    const edits = compatible(some.flatMap(({ fix }) => (fix ? [fix.edits] : [])));
    return { edits, proved: isSame(about, halves, applied(about.text, edits)) };
  };
  const all = attempt(fixable);
  if (all.proved)
    return { text: applied(about.text, all.edits), notes: all.edits.map((edit) => shown(edit, about)) };
  let kept: readonly Finding[] = [];
  const notes: string[] = [];
  for (const id of new Set(fixable.map((finding) => finding.id))) {
    const more = [...kept, ...fixable.filter((finding) => finding.id === id)];
    if (attempt(more).proved) kept = more;
    else
      notes.push(
        `${about.name}: fixes of ${id} are left out: it is not proved that no packet fares differently`,
      );
  }
  const { edits } = attempt(kept);
  return { text: applied(about.text, edits), notes: [...edits.map((edit) => shown(edit, about)), ...notes] };
}

/** Edits in order of the text; fixes that overlap an earlier one wait for the next run. */
function compatible(fixes: readonly (readonly Edit[])[]): readonly Edit[] {
  const taken: Edit[] = [];
  for (const edits of fixes) {
    const clear = edits.every(({ span }) =>
      taken.every((other) => span.end <= other.span.start || span.start >= other.span.end),
    );
    if (clear) taken.push(...edits);
  }
  return taken.sort((a, b) => a.span.start - b.span.start);
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { span, text: insert } of edits) {
    result += text.slice(at, span.start) + insert;
    at = span.end;
  }
  return result + text.slice(at);
}

/** Whether the changed text reads without new errors and treats every packet as before. */
function isSame(about: LintText, before: readonly LintHalf[], text: string): boolean {
  const after = halvesOf({ ...about, text });
  if (after.length !== before.length) return false;
  return before.every((half, index) => {
    const next = after[index];
    if (!next || errorsOf(next) > errorsOf(half)) return false;
    const { backend } = about;
    const old = analyse(half.ruleset, { backend });
    const { ruleset } = withSameRules(half.ruleset, next.ruleset);
    return differences(old, analyse(ruleset, { space: old.space, backend })).length === 0;
  });
}

const errorsOf = ({ diagnostics }: LintHalf): number =>
  diagnostics.filter(({ severity }) => severity === "error").length;

function shown({ source, span, text }: Edit, { name }: LintText): string {
  const lines = lineTableOf(source);
  const first = lines.lineOf(span.start);
  const start = lines.line(first).start;
  const { end } = lines.line(lines.lineOf(Math.max(span.start, span.end - 1)));
  const old = source.text.slice(start, end);
  const next = applied(source.text, [{ source, span, text }]).slice(
    start,
    Math.max(start, end + text.length - (span.end - span.start)),
  );
  return `${name}:${first}: - ${old}${text === "" ? "" : `\n${name}:${first}: + ${next}`}`;
}
