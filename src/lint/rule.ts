import type { Analysis } from "../analyse/analysis.ts";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import type { RulePlace } from "../evaluate/trace.ts";
import type { Backend } from "../model/hooks.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Pragma } from "./pragma.ts";

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
export interface Finding extends Omit<Found, "subject"> {
  /** `NV101`. */
  readonly id: string;
  readonly level: LintLevel;
  /** The same for the same finding however lines move: 16 hexadecimal digits, unique within a file. */
  readonly fingerprint?: string;
}

/** A finding before it is known whose it is. */
export interface Found {
  /** Lower case, no full stop: what is wrong, why, and what to do. */
  readonly message: string;
  readonly place: LintPlace;
  /** The rule, or the chain as a whole, that the finding is about: a command may give several rules. */
  readonly about?: RulePlace | Omit<RulePlace, "number">;
  /** What the finding is about, without its place: `filter/INPUT -p tcp -j DROP`. Fingerprints are made of it. */
  readonly subject: string;
  /** Blockers, duplicates …: the other rules that the finding speaks of. */
  readonly related: readonly LintPlace[];
  readonly fix?: LintFix;
  /** What the finding rests on that sets cannot see. */
  readonly assumptions: readonly string[];
}

export interface LintContext {
  readonly ruleset: Ruleset;
  readonly source: Source;
  /** What reading the text said, refused rules among it. */
  readonly diagnostics: readonly Diagnostic[];
  /** The other family's rules where they are known: the other half of a script, or a second file. */
  readonly sibling: Ruleset | undefined;
  /** Sessions that must not be lost while the rules are loaded, in match words. */
  readonly keep?: readonly string[];
  /** Who reads the rules; `legacy` unless told. */
  readonly backend?: Backend | undefined;
  /** Made at first use: rules that look at the text alone never pay for it. */
  analysis(): Analysis;
  /** Pragmas of the source that silenced nothing so far: full truth for the rule that runs last only. */
  unusedPragmas(): readonly Pragma[];
}

/** One lint rule, one file. `bad` and `good` are iptables-save texts or scripts: documentation and tests at once. */
export interface LintRule {
  readonly id: string;
  /** kebab-case: `no-shadowed-rule`. */
  readonly name: string;
  readonly level: LintLevel;
  /** Runs only where it is asked for. */
  readonly optional?: true;
  readonly summary: string;
  /** Why it matters: Markdown for its page. */
  readonly why: string;
  /** When to ignore it. */
  readonly exceptions: string;
  readonly bad: readonly string[];
  readonly good: readonly string[];
  check(context: LintContext): readonly Found[];
}
