import type { LintLevel } from "../lint/rule.ts";
import { type FindingsReport, nameOfRule, regionOf } from "./findings.ts";

const commands: Readonly<Record<LintLevel, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  style: "notice",
};

/** GitHub's workflow commands end at a line end; `%` starts an escape (actions/toolkit, command.ts). */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** Annotations of GitHub Actions: `::warning file=…,line=…::message`. */
export function findingsGithub(report: FindingsReport): string {
  return report.findings
    .map(({ id, level, message, place }) => {
      const { file, line, column, endLine, endColumn } = regionOf(place);
      const properties = {
        file,
        line,
        endLine,
        // columns are read only where the annotation stays on one line
        ...(line === endLine ? { col: column, endColumn } : {}),
        title: `${id} ${nameOfRule(report, id)}`,
      };
      const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(`${value}`)}`);
      return `::${commands[level]} ${list.join(",")}::${escapeData(message)}\n`;
    })
    .join("");
}
