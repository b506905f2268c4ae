import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Recording, readRecording } from "../../src/evaluate/recording.ts";
import type { Scenario } from "./scenario.ts";

const judge = fileURLToPath(new URL("judge.ts", import.meta.url));

/** Records what the running kernel does with a scenario, in a network namespace of its own. Throws where that fails. */
export function record(scenario: Scenario): Recording {
  const { status, stdout, stderr, error } = spawnSync(
    "unshare",
    ["-n", process.execPath, "--import", "tsx", judge],
    { input: JSON.stringify(scenario), encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(`the scenario ${scenario.seed ?? ""} was not recorded: ${stderr}`);
  const read = readRecording(JSON.parse(stdout));
  if (!read.ok) throw new Error(`the scenario ${scenario.seed ?? ""} was not recorded: ${read.message}`);
  return read.recording;
}
