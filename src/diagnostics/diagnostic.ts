import type { DiagnosticCode } from "./codes.ts";

/** A stretch of a source text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text that was read, under the name that its diagnostics carry. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export type Severity = "error" | "warning" | "info";

/**
 * What is wrong at one place of a source text.
 * `message` is one lower-case sentence without a full stop; user text stands in backticks.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly source: Source;
  readonly span: Span;
  /** Further facts, e.g. iptables' own words for the same refusal. */
  readonly notes: readonly string[];
  /** What to write instead. */
  readonly help?: string;
}

/** What a step gives: its value, if it has one, and all it found wrong. Nothing throws on bad input. */
export interface Outcome<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** A fault of ours, never of the input: the command line turns it into exit status 3. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}
