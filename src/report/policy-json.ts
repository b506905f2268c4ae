import { breaksPolicy, type CheckResult, type PolicyResult } from "../analyse/policy-check.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import type { PrintFor, PrintRule } from "./rule-view.ts";
import { type JsonObject, traceJson } from "./trace-json.ts";

/** The object that docs/check.md describes. */
export function policyJson(files: readonly PolicyResult[], printFor: PrintFor): JsonObject {
  return {
    version: 1,
    holds: !files.some(({ results }) => results.some(breaksPolicy)),
    files: files.map(({ rules, family, results }) => ({
      rules,
      checks: results.map((result) => checkJson(result, printFor(family))),
    })),
  };
}

function checkJson(result: CheckResult, printRule: PrintRule): JsonObject {
  const { name, status, source, span, message, counterexample, disappointments, assumptions } = result;
  const { line, column } = lineTableOf(source).position(span.start);
  return {
    name,
    status,
    holds: !breaksPolicy(result),
    file: source.name,
    line,
    column,
    message,
    counterexample: counterexample && {
      packet: counterexample.words,
      trace: traceJson(counterexample.trace, printRule),
    },
    failures: disappointments.map((one) => ({ ...one })),
    assumptions,
  };
}
