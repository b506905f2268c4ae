import type { CheckResult, PolicyResult } from "../analyse/policy-check.ts";
import type { Backend } from "../model/hooks.ts";
import type { ColourChoice } from "./colour.ts";
import { type LoadedRules, leftOut } from "./load-rules.ts";
import type { PolicyFile } from "./policy-file.ts";
import { runFlowCheck } from "./policy-flow.ts";
import { SetChecker } from "./policy-sets.ts";
import { readSnapshotSets } from "./snapshot-sets.ts";
import type { Terminal } from "./terminal.ts";

export interface PolicySettings {
  readonly color: ColourChoice;
  readonly backend: Backend;
  /** Seconds since 1970 at which flows start. */
  readonly start: number;
  /** UNKNOWN is no failure of any check. */
  readonly allowUnknown: boolean;
}

/** Holds one rule set against a policy. */
export async function checkPolicy(
  policy: PolicyFile,
  loaded: LoadedRules,
  settings: PolicySettings,
  terminal: Terminal,
): Promise<PolicyResult> {
  const { name, ruleset, family } = loaded;
  const { start, color, backend, allowUnknown } = settings;
  const flow = { family, snapshot: policy.snapshot, color, backend, start };
  const ipsets = await readSnapshotSets(policy.snapshot, color, terminal);
  const sets = new SetChecker(policy, ruleset, { start, backend, sets: ipsets });
  const results: CheckResult[] = [];
  for (const check of policy.checks) {
    const result =
      check.kind === "flow" ? await runFlowCheck(check, policy, ruleset, flow, terminal) : sets.run(check);
    results.push({
      ...result,
      assumptions: [...leftOut(loaded), ...result.assumptions],
      unknownFails: result.unknownFails && !allowUnknown,
    });
  }
  return { rules: name, family, results };
}
