import { visibleText } from "../diagnostics/visible-text.ts";
import type { LintLevel } from "../lint/rule.ts";
import { type FindingsReport, regionOf } from "./findings.ts";

const words: Readonly<Record<LintLevel, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
  style: "note",
};

/** `file:line:column: warning: message [NV101]`, which editors and CI servers read. */
export function findingsGcc({ findings }: FindingsReport): string {
  return findings
    .map(({ id, level, message, place }) => {
      const { file, line, column } = regionOf(place);
      return `${visibleText(file)}:${line}:${column}: ${words[level]}: ${visibleText(message)} [${id}]\n`;
    })
    .join("");
}
