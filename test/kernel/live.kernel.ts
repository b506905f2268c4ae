import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Recording } from "../../src/evaluate/recording.ts";
import { verifyRecording } from "../../src/evaluate/verify.ts";
import { account, firstDifference } from "./account.ts";
import { settingsFrom } from "./arguments.ts";
import { Figures } from "./figures.ts";
import { freshScenarios } from "./generate/fresh-scenario.ts";
import { iptablesVersion } from "./iptables-version.ts";
import { Judges } from "./record.ts";
import { unableToRecord } from "./unable.ts";

/**
 * Holds the machine against the running kernel on scenarios that nobody has seen before; `npm run record -- --seed …` makes
 * one of them again.
 */
const { seed, scenarios, family, backend, jobs, keep, figures: figuresFile } = settingsFrom(process.env);

/**
 * How often a scenario is asked again that disagrees. Where the machine, which draws nothing, agrees then, the kernel differs
 * from itself: a packet fell on the edge of a clock tick, say, which no recording tells. Such scenarios are named apart.
 */
const repetitions = 2;

describe(`the running kernel, seed ${seed}, ${scenarios} scenarios`, () => {
  const problem = unableToRecord();
  const figures = new Figures(seed, problem ? "" : iptablesVersion());
  const wanted = freshScenarios(seed, scenarios, { family, backend });
  let judges: Judges | undefined;
  let recordings: ReadonlyMap<string, Promise<Recording>> = new Map();

  before(function () {
    if (problem) {
      console.log(`    skipped: ${problem}`);
      this.skip();
    }
    const all = new Judges(jobs);
    judges = all;
    recordings = new Map([...wanted].map(([name, scenario]) => [name, all.record(scenario)]));
    // a test awaits each of them in its turn; till then, a failure waits
    for (const recording of recordings.values()) recording.catch(() => {});
  });

  for (const [name, scenario] of wanted) {
    it(`agrees on scenario ${name}`, async () => {
      const recording = await recordings.get(name);
      if (!recording || !judges) throw new Error(`${name} was not recorded`);
      const verification = verifyRecording(recording, name);
      const first = firstDifference(verification);
      if (!first) {
        figures.add(recording, verification);
        return;
      }
      if (keep !== undefined) {
        mkdirSync(keep, { recursive: true });
        writeFileSync(join(keep, `${name}.json`), `${JSON.stringify(recording)}\n`);
      }
      for (let run = 0; run < repetitions; run++) {
        const repeated = await judges.record(scenario);
        const outcome = verifyRecording(repeated, name);
        if (firstDifference(outcome)) continue;
        figures.add(repeated, outcome);
        figures.addUndecided(name);
        console.log(`      ${name}: the kernel itself did something else when it was asked again`);
        return;
      }
      figures.add(recording, verification);
      const again = `make it again: npm run record -- --seed ${name}`;
      expect.fail(`kernel and machine disagree\n${account(first, recording)}\n${again}`);
    });
  }

  after(() => {
    judges?.close();
    if (problem) return;
    console.log(`    ${figures.summary()}`);
    if (figuresFile !== undefined) writeFileSync(figuresFile, `${JSON.stringify(figures.data)}\n`);
  });
});
