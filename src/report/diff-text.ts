import type { DiffEntry } from "../analyse/diff-compare.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import type { DiffResult } from "./diff.ts";
import { countLine, deciderLine, equalLine, outcomeWords } from "./diff-sides.ts";
import type { PrintRule } from "./rule-view.ts";
import { sideBySide } from "./side-by-side.ts";
import { plainStyle, type Style } from "./style.ts";
import { traceText } from "./trace-text.ts";

export interface DiffTextOptions {
  readonly style: Style;
  readonly printRule: PrintRule;
  /** Show both traces of each packet side by side. */
  readonly verbose: boolean;
  /** Columns that the traces may take. */
  readonly width: number;
}

/** Differences for people; what no packet notices gives one line. */
export function diffText(result: DiffResult, options: DiffTextOptions): string {
  const { style } = options;
  const { groups, entries, assumptions } = result;
  const assumed = assumptions.map(
    (text, index) => `${index === 0 ? "assumed " : "        "}${visibleText(text)}`,
  );
  if (groups === 0) return `${[style.good(equalLine), ...assumed].join("\n")}\n`;
  const left = groups - entries.length;
  const blocks = entries.map((entry, index) => entryLines(entry, index, options).join("\n"));
  const tail = [...(left > 0 ? [`… and ${left} more: --limit ${groups} shows them all`] : []), ...assumed];
  return `${[style.strong(countLine(groups)), ...blocks, ...(tail.length > 0 ? [tail.join("\n")] : [])].join("\n\n")}\n`;
}

function entryLines(entry: DiffEntry, index: number, options: DiffTextOptions): readonly string[] {
  const { style, printRule, verbose, width } = options;
  const { example } = entry;
  const look = (outcome: string): string =>
    outcome.startsWith("ACCEPT") ? style.good(outcome) : style.bad(outcome);
  const before = outcomeWords(entry.old);
  const after = outcomeWords(entry.new);
  const lines = [
    `${style.strong(String(index + 1))}  ${entry.path}  ${look(before)} -> ${look(after)}`,
    `   old     ${deciderLine(entry.old.by, printRule)}`,
    `   new     ${deciderLine(entry.new.by, printRule)}`,
  ];
  if (example) lines.push(`   packet  ${style.strong(visibleText(example.words))}`);
  if (example && !example.confirmed)
    lines.push(
      "           not shown by the machine: one packet alone, with nothing before it, does not get there",
    );
  for (const [number, text] of entry.hangsOn.entries())
    lines.push(
      `   ${number === 0 ? "depends" : "       "} ${number === 0 ? "on " : "   "}${visibleText(text)}`,
    );
  if (verbose && example) {
    const text = (trace: typeof example.old): readonly string[] =>
      traceText(trace, { style: plainStyle, printRule, verbose: false }).trimEnd().split("\n");
    lines.push("", ...sideBySide(text(example.old), text(example.new), width));
  }
  return lines;
}
