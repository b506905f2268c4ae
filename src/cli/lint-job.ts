import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { lintRules } from "../lint/registry.ts";
import type { Finding, LintLevel } from "../lint/rule.ts";
import type { LintChoice } from "../lint/run.ts";
import type { Backend } from "../model/hooks.ts";
import type { Family } from "../packet/address.ts";
import { halvesOf, type LintHalf, lintFile } from "./lint-file.ts";

/** One text to lint, with all that its findings depend on: plain data, for a worker thread to take. */
export interface LintJob {
  readonly name: string;
  readonly text: string;
  readonly family: Family;
  readonly familyTold: boolean;
  readonly backend: Backend;
  /** The rules that run, in order. */
  readonly ids: readonly string[];
  readonly levels: readonly (readonly [string, LintLevel])[];
  readonly keep: readonly string[];
}

export type LintOutcome =
  | {
      readonly ok: true;
      readonly findings: readonly Finding[];
      readonly silenced: number;
      /** What reading the text said beyond what rules of their own tell. */
      readonly hints: readonly Diagnostic[];
    }
  /** The text is no rule set. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Lints one text. The same job has the same outcome. */
export function runLintJob(job: LintJob): LintOutcome {
  const halves = halvesOf(job);
  const [first] = halves;
  const errors = first?.diagnostics.filter(({ severity }) => severity === "error") ?? [];
  if (halves.every(({ ruleset }) => ruleset.tables.size === 0) && errors.length > 0) {
    return { ok: false, diagnostics: first?.diagnostics.slice(0, 3) ?? [] };
  }
  return { ok: true, ...lintFile(job, halves, choiceOf(job), job.keep), hints: hintsOf(halves) };
}

export const choiceOf = ({ ids, levels }: Pick<LintJob, "ids" | "levels">): LintChoice => ({
  rules: ids.flatMap((id) => lintRules.find((rule) => rule.id === id) ?? []),
  levels: new Map(levels),
});

export const hintsOf = (halves: readonly LintHalf[]): readonly Diagnostic[] =>
  halves.flatMap(({ diagnostics }) =>
    diagnostics.filter(({ severity, code }) => severity === "warning" && !code.startsWith("unknown-")),
  );
