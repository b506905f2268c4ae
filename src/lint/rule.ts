import type { Analysis } from "../analyse/analysis.ts";
import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { Ruleset } from "../model/ruleset.ts";

export type LintLevel = "error" | "warning" | "info" | "style";

/** A place in a source text that belongs to a finding. */
export interface LintPlace {
  readonly source: Source;
  readonly span: Span;
  readonly message?: string;
}

/** A change of the text that removes the finding; offered only where the analysis proves that no packet's fate changes. */
export interface LintFix {
  readonly description: string;
  readonly edits: readonly { readonly source: Source; readonly span: Span; readonly text: string }[];
}

/** What a lint rule found. Data only: the reports make the text. */
export interface Finding {
  /** `NV101`. */
  readonly id: string;
  readonly level: LintLevel;
  readonly message: string;
  readonly place: LintPlace;
  /** Blockers, duplicates …: the other rules that the finding speaks of. */
  readonly related: readonly LintPlace[];
  readonly fix?: LintFix;
  /** What the finding rests on that sets cannot see. */
  readonly assumptions: readonly string[];
}

export interface LintContext {
  readonly ruleset: Ruleset;
  /** Made at first use: rules that look at the text alone never pay for it. */
  analysis(): Analysis;
}

/** One lint rule, one file. `bad` and `good` are iptables-save texts: documentation and tests at once. */
export interface LintRule {
  readonly id: string;
  /** kebab-case: `no-shadowed-rule`. */
  readonly name: string;
  readonly level: LintLevel;
  readonly summary: string;
  /** Why it matters, and when to ignore it: Markdown for its page. */
  readonly why: string;
  readonly exceptions: string;
  readonly bad: readonly string[];
  readonly good: readonly string[];
  check(context: LintContext): readonly Finding[];
}
