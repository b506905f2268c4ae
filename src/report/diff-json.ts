import type { Decider, DiffSide } from "../analyse/diff.ts";
import type { DiffResult } from "./diff.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";
import { type JsonObject, traceJson } from "./trace-json.ts";

/** The object that docs/diff.md describes. */
export function diffJson(result: DiffResult, printRule: PrintRule): JsonObject {
  const { groups, entries, assumptions } = result;
  return {
    version: 1,
    old: result.old,
    new: result.new,
    equal: groups === 0,
    count: groups,
    groups: entries.map((entry) => ({
      path: entry.path,
      old: sideJson(entry.old, printRule),
      new: sideJson(entry.new, printRule),
      packet: entry.example?.words ?? null,
      confirmed: entry.example?.confirmed ?? false,
      hangsOn: entry.hangsOn,
      traces: entry.example && {
        old: traceJson(entry.example.old, printRule),
        new: traceJson(entry.example.new, printRule),
      },
    })),
    assumptions,
  };
}

const sideJson = ({ outcome, by, hook, rewrites }: DiffSide, printRule: PrintRule): JsonObject => ({
  outcome,
  hook,
  rewrites,
  by: deciderJson(by, printRule),
});

export const deciderJson = (by: Decider, printRule: PrintRule): JsonObject =>
  "rule" in by
    ? { ...viewRule(by.rule, by, printRule) }
    : { table: by.table, chain: by.chain, policy: by.policy };
