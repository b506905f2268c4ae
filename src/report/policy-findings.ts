import { breaksPolicy, type CheckResult, type PolicyResult } from "../analyse/policy-check.ts";
import { fingerprintOf } from "../lint/fingerprint.ts";
import type { Finding, LintPlace } from "../lint/rule.ts";
import { fateLine } from "./decision-line.ts";
import type { FindingRule, FindingsReport } from "./findings.ts";
import type { PrintFor, PrintRule } from "./rule-view.ts";

/** What `check` finds; docs/check.md has the ids. */
const rules = {
  fail: { id: "NV901", name: "policy-broken", level: "error", summary: "A check of a policy fails." },
  unknown: {
    id: "NV902",
    name: "policy-unproved",
    level: "error",
    summary: "A check of a policy can be neither proved nor broken.",
  },
} as const satisfies Readonly<Record<"fail" | "unknown", FindingRule>>;

/** The checks that break the policy as a report that has the formats of lint's findings. */
export const policyReport = (
  files: readonly PolicyResult[],
  printFor: PrintFor,
  version: string,
): FindingsReport => ({
  findings: policyFindings(files, printFor),
  rules: Object.values(rules),
  files: files.map((file) => file.rules),
  version,
});

/** The checks that break the policy, as findings at their places in it; the deciding rule is related. */
const policyFindings = (files: readonly PolicyResult[], printFor: PrintFor): readonly Finding[] =>
  files.flatMap(({ rules: file, family, results }) =>
    results.filter(breaksPolicy).map((result) => finding(result, file, printFor(family))),
  );

function finding(result: CheckResult, file: string, printRule: PrintRule): Finding {
  const { source, span, status, counterexample } = result;
  const packet = counterexample
    ? `; packet: ${counterexample.words}; fate: ${fateLine(counterexample.trace.fate, printRule)}`
    : "";
  const { id } = status === "fail" ? rules.fail : rules.unknown;
  const subject = `${result.name} of ${file}`;
  return {
    id,
    fingerprint: fingerprintOf(`${id} ${subject}`),
    level: "error",
    message: `${file}: ${result.name}: ${result.message}${packet}`,
    place: { source, span },
    related: decidingRule(result),
    assumptions: result.assumptions,
  };
}

function decidingRule({ counterexample }: CheckResult): readonly LintPlace[] {
  const decision = counterexample?.trace.fate.decision;
  const origin = decision?.kind === "rule" ? decision.rule.origin : undefined;
  return origin ? [{ source: origin.source, span: origin.span, message: "this rule decides" }] : [];
}
