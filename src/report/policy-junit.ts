import { breaksPolicy, type CheckResult, type PolicyResult } from "../analyse/policy-check.ts";
import { fateLine } from "./decision-line.ts";
import { escapeXml } from "./findings-junit.ts";
import { checkPlace } from "./policy-text.ts";
import type { PrintFor, PrintRule } from "./rule-view.ts";

/** JUnit's XML: a suite for each file of rules, a case for each check; an UNKNOWN that is allowed is a skipped one. */
export function policyJunit(files: readonly PolicyResult[], printFor: PrintFor): string {
  const all = files.flatMap(({ results }) => results);
  const suites = files.flatMap(({ rules, family, results }) => [
    `  <testsuite name="${escapeXml(rules)}" ${counts(results)}>`,
    ...results.flatMap((result) => testCase(result, rules, printFor(family))),
    "  </testsuite>",
  ]);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="netverdict check" ${counts(all)}>`,
    ...suites,
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

const isSkipped = (result: CheckResult): boolean => result.status === "unknown" && !breaksPolicy(result);

function counts(results: readonly CheckResult[]): string {
  const failures = results.filter(breaksPolicy).length;
  const skipped = results.filter(isSkipped).length;
  return `tests="${results.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
}

function testCase(result: CheckResult, rules: string, printRule: PrintRule): readonly string[] {
  const head = `    <testcase classname="${escapeXml(rules)}" name="${escapeXml(result.name)}"`;
  const message = escapeXml(result.message);
  if (isSkipped(result)) return [`${head}>`, `      <skipped message="${message}"/>`, "    </testcase>"];
  if (!breaksPolicy(result)) return [`${head}/>`];
  const text = escapeXml(details(result, printRule).join("; "));
  const failure = `      <failure type="${result.status}" message="${message}">${text}</failure>`;
  return [`${head}>`, failure, "    </testcase>"];
}

function details(result: CheckResult, printRule: PrintRule): readonly string[] {
  const { message, counterexample, assumptions } = result;
  const packet = counterexample
    ? [`packet: ${counterexample.words}`, `fate: ${fateLine(counterexample.trace.fate, printRule)}`]
    : [];
  return [`${checkPlace(result)}: ${message}`, ...packet, ...assumptions.map((text) => `assumed: ${text}`)];
}
