import type { DiffEntry } from "../analyse/diff-compare.ts";
import type { DiffResult } from "./diff.ts";
import { countLine, deciderLine, equalLine, outcomeWords } from "./diff-sides.ts";
import type { PrintRule } from "./rule-view.ts";
import { plainStyle } from "./style.ts";
import { traceText } from "./trace-text.ts";

/** Differences as Markdown for a comment on a pull request: GitHub's flavour, traces folded away. */
export function diffMarkdown(result: DiffResult, printRule: PrintRule): string {
  const { groups, entries, assumptions } = result;
  const title = `### netverdict: ${code(result.old)} → ${code(result.new)}`;
  const assumed =
    assumptions.length > 0 ? [assumptions.map((text) => `- assumed: ${escaped(text)}`).join("\n")] : [];
  if (groups === 0) return `${[title, `✅ ${equalLine}.`, ...assumed].join("\n\n")}\n`;
  const left = groups - entries.length;
  const parts = [
    title,
    `⚠️ ${countLine(groups)}.`,
    ...entries.map((entry, index) => entryPart(entry, index, printRule)),
    ...(left > 0 ? [`… and ${left} more.`] : []),
    ...assumed,
  ];
  return `${parts.join("\n\n")}\n`;
}

function entryPart(entry: DiffEntry, index: number, printRule: PrintRule): string {
  const { path, old, example, hangsOn } = entry;
  const traceOf = (trace: NonNullable<typeof example>["old"]): string =>
    traceText(trace, { style: plainStyle, printRule, verbose: false }).trimEnd();
  const rows = [
    `**${index + 1}. ${path}: ${escaped(outcomeWords(old))} → ${escaped(outcomeWords(entry.new))}**`,
    "",
    "| | |",
    "|---|---|",
    `| before | ${code(deciderLine(old.by, printRule))} |`,
    `| after | ${code(deciderLine(entry.new.by, printRule))} |`,
    ...(example ? [`| for example | ${code(example.words)} |`] : []),
    ...hangsOn.map((text) => `| depends on | ${code(text)} |`),
  ];
  if (!example) return rows.join("\n");
  const traces = `${traceOf(example.old)}\n\n${"=".repeat(8)} after\n\n${traceOf(example.new)}`;
  return [...rows, "", "<details><summary>traces</summary>", "", fenced(traces), "", "</details>"].join("\n");
}

/** A code span that holds any text, in a table too. */
function code(text: string): string {
  const ticks = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = ticks.length > 1 ? " " : "";
  return `${ticks}${pad}${text.replaceAll("|", "\\|").replaceAll("\n", " ")}${pad}${ticks}`;
}

function fenced(text: string): string {
  const ticks = "`".repeat(
    Math.max(3, 1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))),
  );
  return `${ticks}text\n${text}\n${ticks}`;
}

const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>|#]/g, "\\$&");
