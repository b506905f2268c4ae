import { lineTableOf } from "../diagnostics/line-table.ts";
import type { Finding, LintLevel, LintPlace } from "../lint/rule.ts";

/** What a report may say of the rule behind a finding. */
export interface FindingRule {
  readonly id: string;
  readonly name: string;
  readonly level: LintLevel;
  readonly summary: string;
  /** Markdown. */
  readonly why?: string;
}

/** All that the reports of findings print. */
export interface FindingsReport {
  readonly findings: readonly Finding[];
  /** The rules that ran. */
  readonly rules: readonly FindingRule[];
  /** The files that were looked at, also those without findings. */
  readonly files: readonly string[];
  /** netverdict's own. */
  readonly version: string;
  /** Findings that were kept back, for the last line of the text. */
  readonly silenced?: number;
  readonly inBaseline?: number;
}

/** A place as tools want it: 1-based, columns in UTF-16 units, the end behind the last character. */
export interface TextRegion {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function regionOf({ source, span }: Pick<LintPlace, "source" | "span">): TextRegion {
  const lines = lineTableOf(source);
  const start = lines.position(span.start);
  const end = lines.position(Math.max(span.start, span.end));
  return {
    file: source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

export const nameOfRule = ({ rules }: FindingsReport, id: string): string =>
  rules.find((rule) => rule.id === id)?.name ?? id;
