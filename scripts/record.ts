/** `npm run record -- SCENARIO.json|--seed SEED [--flows N] [-o FILE]`: asks this machine's kernel and writes the recording. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { freshScenario } from "../test/kernel/generate/fresh-scenario.ts";
import { Judges } from "../test/kernel/record.ts";
import type { Scenario } from "../test/kernel/scenario.ts";
import { unableToRecord } from "../test/kernel/unable.ts";

const readScenario = (file: string): Scenario => JSON.parse(readFileSync(file, "utf8")) as Scenario;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string" }, flows: { type: "string" }, output: { type: "string", short: "o" } },
  });
  const [file, ...rest] = positionals;
  if (rest.length > 0 || (file === undefined) === (values.seed === undefined)) {
    console.error("usage: npm run record -- SCENARIO.json|--seed SEED [--flows N] [-o FILE]");
    return 2;
  }
  const problem = unableToRecord();
  if (problem) {
    console.error(`record: ${problem}`);
    return 2;
  }
  const flows = values.flows === undefined ? {} : { flows: Number(values.flows) };
  const scenario = file === undefined ? freshScenario(values.seed ?? "", flows) : readScenario(file);
  const judges = new Judges(1);
  const recording = await judges.record(scenario).finally(() => judges.close());
  const text = `${JSON.stringify(recording)}\n`;
  if (values.output === undefined) process.stdout.write(text);
  else writeFileSync(values.output, text);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`record: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
