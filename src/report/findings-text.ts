import { type Rendered, renderDiagnostic } from "../diagnostics/render.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import type { Finding, LintLevel } from "../lint/rule.ts";
import { type FindingsReport, regionOf } from "./findings.ts";
import type { Style } from "./style.ts";

/** Related places shown before the rest is only counted. */
const shown = 5;

/** Findings with code frames, and a last line that counts them. */
export function findingsText(report: FindingsReport, style: Style): string {
  const looks = {
    error: style.bad,
    warning: style.changed,
    info: style.good,
    place: style.strong,
    frame: style.faint,
    help: style.good,
  };
  const colour: Parameters<typeof renderDiagnostic>[1] = { colour: (which, text) => looks[which](text) };
  const blocks = report.findings.map((finding) => `${renderDiagnostic(rendered(finding), colour)}\n`);
  return `${blocks.join("\n")}${blocks.length > 0 ? "\n" : ""}${summary(report)}\n`;
}

function rendered({ id, level, message, place, related, fix, assumptions }: Finding): Rendered {
  const notes = related.slice(0, shown).map((other) => {
    const { file, line, column } = regionOf(other);
    const where = file === place.source.name ? `line ${line}` : `${file}:${line}:${column}`;
    return `${where}: ${other.message ?? textAt(other)}`;
  });
  if (related.length > shown) notes.push(`and ${related.length - shown} more`);
  const problem = {
    source: place.source,
    span: place.span,
    severity: level === "style" ? ("info" as const) : level,
    label: level,
    code: id,
    message,
    notes: [...notes, ...assumptions.map((text) => `rests on: ${text}`)],
  };
  return fix ? { ...problem, help: `\`--fix\` can do it: ${fix.description}` } : problem;
}

const textAt = ({ source, span }: Finding["place"]): string =>
  visibleText(source.text.slice(span.start, Math.min(span.end, span.start + 100)));

const order: readonly LintLevel[] = ["error", "warning", "info", "style"];

function summary({ findings, silenced = 0, inBaseline = 0 }: FindingsReport): string {
  const counts = order
    .map((level) => [level, findings.filter((finding) => finding.level === level).length] as const)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${count} ${level}`);
  const fixable = findings.filter((finding) => finding.fix).length;
  const more = [
    ...(fixable > 0 ? [`--fix would try to prove and mend ${fixable}`] : []),
    ...(silenced > 0 ? [`${silenced} silenced by pragmas`] : []),
    ...(inBaseline > 0 ? [`${inBaseline} in the baseline`] : []),
  ];
  const { length } = findings;
  const head =
    length === 0 ? "no findings" : `${length} finding${length === 1 ? "" : "s"}: ${counts.join(", ")}`;
  return more.length > 0 ? `${head} (${more.join(", ")})` : head;
}
