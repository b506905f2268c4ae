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

  for (const name of wanted.keys()) {
    it(`agrees on scenario ${name}`, async () => {
      const recording = await recordings.get(name);
      if (!recording) throw new Error(`${name} was not recorded`);
      const verification = verifyRecording(recording, name);
      figures.add(recording, verification);
      const first = firstDifference(verification);
      if (!first) return;
      if (keep !== undefined) {
        mkdirSync(keep, { recursive: true });
        writeFileSync(join(keep, `${name}.json`), `${JSON.stringify(recording)}\n`);
      }
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
