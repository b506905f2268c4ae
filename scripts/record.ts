/** `npm run record -- SCENARIO.json|--seed SEED [-o FILE]`: asks this machine's kernel and writes the recording. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { generateScenario } from "../test/kernel/generate/scenario.ts";
import { record } from "../test/kernel/record.ts";
import type { Scenario } from "../test/kernel/scenario.ts";
import { unableToRecord } from "../test/kernel/unable.ts";

const readScenario = (file: string): Scenario => JSON.parse(readFileSync(file, "utf8")) as Scenario;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string" }, output: { type: "string", short: "o" } },
  });
  const [file, ...rest] = positionals;
  if (rest.length > 0 || (file === undefined) === (values.seed === undefined)) {
    console.error("usage: npm run record -- SCENARIO.json|--seed SEED [-o FILE]");
    return 2;
  }
  const problem = unableToRecord();
  if (problem) {
    console.error(`record: ${problem}`);
    return 2;
  }
  const scenario = file === undefined ? generateScenario(values.seed ?? "") : readScenario(file);
  const text = `${JSON.stringify(record(scenario))}\n`;
  if (values.output === undefined) process.stdout.write(text);
  else writeFileSync(values.output, text);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`record: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
