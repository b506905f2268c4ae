/**
 * Asks the running kernel what it does with scenarios. Runs as `unshare -n node --import tsx test/kernel/judge.ts`, as root:
 * for each scenario, a line of JSON on standard input, it prints a line, `{"recording": …}` (docs/recordings.md) or
 * `{"error": …}`. Each scenario has a network namespace of its own.
 */
import { createInterface } from "node:readline";
import { askKernel } from "./ask-kernel.ts";
import { enterNewNetwork } from "./network-namespace.ts";
import type { Scenario } from "./scenario.ts";

function judge(scenario: Scenario): unknown {
  try {
    enterNewNetwork();
    return { recording: askKernel(scenario) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(judge(JSON.parse(line) as Scenario))}\n`);
}
