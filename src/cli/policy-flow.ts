import type { CheckResult } from "../analyse/policy-check.ts";
import { Machine } from "../evaluate/machine.ts";
import type { Backend } from "../model/hooks.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { FlowCheck, PolicyFile } from "./policy-file.ts";
import { type FlowSettings, prepareFlow } from "./prepare-flow.ts";
import { type FlowResult, runFlow } from "./run-flow.ts";
import { readSnapshotSets } from "./snapshot-sets.ts";
import type { Terminal } from "./terminal.ts";

export interface FlowCheckSettings extends FlowSettings {
  /** Seconds since 1970 at which the flow starts. */
  readonly start: number;
  readonly backend: Backend;
}

/** Runs a check's packets through a machine of their own. Throws `UsageError` for words that are no packet. */
export async function runFlowCheck(
  check: FlowCheck,
  policy: PolicyFile,
  ruleset: Ruleset,
  settings: FlowCheckSettings,
  terminal: Terminal,
): Promise<CheckResult> {
  const flow = await prepareFlow(check.steps, settings, terminal);
  const sets = await readSnapshotSets(settings.snapshot, settings.color, terminal);
  const machine = new Machine(ruleset, {
    host: flow.host,
    connections: flow.connections,
    now: settings.start,
    sets,
    backend: settings.backend,
  });
  const results = runFlow(flow.steps, machine, flow.host, settings.start);
  const wrong = results.findIndex((result) => result.disappointments.length > 0);
  const miscounted = check.counters.find(
    ({ place, packets }) => countedBy(machine, ruleset, place) !== packets,
  );
  const common = {
    name: check.name,
    source: policy.source,
    disappointments: results.flatMap((result) => result.disappointments),
    assumptions: [...new Set([...flow.assumptions, ...results.flatMap(({ trace }) => trace.assumptions)])],
    unknownFails: !check.allowUnknown,
  };
  const failed = results[wrong];
  if (failed) {
    return {
      ...common,
      status: "fail",
      span: check.steps[wrong]?.span ?? check.span,
      message: whatFailed(failed, wrong, results.length),
      counterexample: { words: wordsOf(failed), trace: failed.trace },
    };
  }
  if (miscounted) {
    const counted = countedBy(machine, ruleset, miscounted.place);
    const message =
      counted === undefined
        ? `there is no ${miscounted.place}`
        : `${miscounted.place} counted ${counted}, not ${miscounted.packets} packets`;
    return { ...common, status: "fail", span: miscounted.span, message, counterexample: undefined };
  }
  const message =
    results.length === 1 ? "the packet came as expected" : `${results.length} packets came as expected`;
  return { ...common, status: "pass", span: check.span, message, counterexample: undefined };
}

function whatFailed({ step, disappointments }: FlowResult, index: number, count: number): string {
  const which = count === 1 ? "" : `packet ${index + 1}${step.name === undefined ? "" : ` (${step.name})`}: `;
  const what = disappointments.map(({ what, expected, actual }) => `${what} is ${actual}, not ${expected}`);
  return `${which}${what.join("; ")}`;
}

/** The packet as the policy writes it. */
function wordsOf({ step }: FlowResult): string {
  return step.packet.kind === "text" ? step.packet.text : (step.name ?? step.packet.kind);
}

/** Packets that a rule or a policy has counted since the machine was made: a dump brings counters of its own. */
function countedBy(machine: Machine, before: Ruleset, place: string): number | undefined {
  const now = countedAt(machine.counters(), place);
  return now === undefined ? undefined : now - (countedAt(before, place) ?? 0);
}

/** The counter of a rule or policy in packets; `undefined` where the rule set has no such place. */
function countedAt(ruleset: Ruleset, place: string): number | undefined {
  const [, tableName = "", chainName = "", what = ""] = /^([^/]+)\/(.+):(\d+|policy)$/.exec(place) ?? [];
  const table = [...ruleset.tables.values()].find(({ name }) => name === tableName);
  const chain = table?.chains.get(chainName);
  const counters = what === "policy" ? chain?.counters : chain?.rules[Number(what) - 1]?.counters;
  return counters && Number(counters.packets);
}
