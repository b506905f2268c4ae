import { breaksPolicy, type CheckResult, type PolicyResult } from "../analyse/policy-check.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import { fateLine } from "./decision-line.ts";
import type { PrintFor, PrintRule } from "./rule-view.ts";
import type { Style } from "./style.ts";
import { traceText } from "./trace-text.ts";

export interface PolicyTextOptions {
  readonly style: Style;
  readonly printFor: PrintFor;
  /** Show the counterexamples' traces as well. */
  readonly verbose: boolean;
}

const indent = " ".repeat("UNKNOWN".length + 4);

/** A policy's results for people: a line for each check, and below it what breaks it or keeps it from being proved. */
export function policyText(files: readonly PolicyResult[], options: PolicyTextOptions): string {
  const blocks = files.map(({ rules, family, results }) =>
    [
      options.style.strong(visibleText(rules)),
      ...results.flatMap((one) => checkLines(one, options.printFor(family), options)),
    ].join("\n"),
  );
  return `${[...blocks, summaryLine(files, options.style)].join("\n\n")}\n`;
}

function checkLines(
  result: CheckResult,
  printRule: PrintRule,
  options: PolicyTextOptions,
): readonly string[] {
  const { style, verbose } = options;
  const { status, counterexample, assumptions } = result;
  const word = { pass: style.good("PASS   "), fail: style.bad("FAIL   "), unknown: style.changed("UNKNOWN") }[
    status
  ];
  const head = `  ${word}  ${visibleText(result.name)}`;
  if (status === "pass") return verbose ? [head, indent + style.faint(visibleText(result.message))] : [head];
  const shown = [
    style.faint(`${checkPlace(result)}`),
    visibleText(result.message),
    ...(counterexample
      ? [
          `${style.strong("packet")}  ${visibleText(counterexample.words)}`,
          `${style.strong("fate")}    ${fateLine(counterexample.trace.fate, printRule)}`,
        ]
      : []),
    ...assumptions.map((text, index) => `${index === 0 ? "assumed " : "        "}${visibleText(text)}`),
    ...(status === "unknown" && !breaksPolicy(result) ? ["allowed, as the policy says"] : []),
    ...(verbose && counterexample
      ? ["", ...traceText(counterexample.trace, { style, printRule, verbose: true }).trimEnd().split("\n")]
      : []),
  ];
  return [head, ...shown.map((line) => (line === "" ? "" : indent + line))];
}

/** `policy.yaml:8:13` */
export function checkPlace({ source, span }: CheckResult): string {
  const { line, column } = lineTableOf(source).position(span.start);
  return `${visibleText(source.name)}:${line}:${column}`;
}

function summaryLine(files: readonly PolicyResult[], style: Style): string {
  const results = files.flatMap((file) => file.results);
  const count = (status: CheckResult["status"]): number =>
    results.filter((one) => one.status === status).length;
  const parts = [
    `${count("pass")} of ${results.length} checks pass`,
    ...(count("fail") > 0 ? [`${count("fail")} ${count("fail") === 1 ? "fails" : "fail"}`] : []),
    ...(count("unknown") > 0 ? [`${count("unknown")} unknown`] : []),
  ];
  return results.some(breaksPolicy) ? style.bad(parts.join(", ")) : style.good(parts.join(", "));
}
