/**
 * `npm run shrink -- RECORDING.json [-o FILE]`: cuts a recording that kernel and machine disagree about down to its
 * smallest form, asking this machine's kernel at each step, and writes that as a new recording.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Recording, readRecording } from "../src/evaluate/recording.ts";
import { verifyRecording } from "../src/evaluate/verify.ts";
import { account, firstDifference } from "../test/kernel/account.ts";
import { Judges } from "../test/kernel/record.ts";
import type { Scenario } from "../test/kernel/scenario.ts";
import { scenarioOf, shrinkScenario } from "../test/kernel/shrink.ts";
import { unableToRecord } from "../test/kernel/unable.ts";

const difference = (recording: Recording) => firstDifference(verifyRecording(recording, "recording"));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { output: { type: "string", short: "o" } },
  });
  const [file, ...rest] = positionals;
  const problem = file === undefined || rest.length > 0 ? "one recording, please" : unableToRecord();
  if (problem || file === undefined) {
    console.error(`shrink: ${problem}\nusage: npm run shrink -- RECORDING.json [-o FILE]`);
    return 2;
  }
  const read = readRecording(JSON.parse(readFileSync(file, "utf8")));
  if (!read.ok) throw new Error(`${file}: ${read.message}`);
  const first = difference(read.recording);
  if (!first) {
    console.error(`shrink: kernel and machine agree about ${file}`);
    return 1;
  }
  const whole = scenarioOf(read.recording);
  const start = { ...whole, packets: whole.packets.slice(0, first.index + 1) };
  let best: Recording = read.recording;
  const judges = new Judges(1);
  await shrinkScenario(start, async (smaller: Scenario) => {
    const recording = await judges.record(smaller).catch(() => undefined);
    const differs = recording !== undefined && difference(recording) !== undefined;
    if (differs) best = recording;
    return differs;
  });
  judges.close();
  const left = difference(best);
  const rules = best.loaded.filter((line) => line.startsWith("[")).length;
  console.error(`${rules} rules and ${best.packets.length} packets are left`);
  if (left) console.error(account(left, best));
  const text = `${JSON.stringify(best)}\n`;
  if (values.output === undefined) process.stdout.write(text);
  else writeFileSync(values.output, text);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`shrink: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
