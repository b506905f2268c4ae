import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Recording } from "../../src/evaluate/recording.ts";
import { verifyRecording } from "../../src/evaluate/verify.ts";
import { account, firstDifference } from "./account.ts";
import { settingsFrom } from "./arguments.ts";
import { Figures } from "./figures.ts";
import { generateIpsetScenario } from "./generate/ipsets/scenario.ts";
import { Judges } from "./record.ts";
import { unableToRecord } from "./unable.ts";

/** Holds the machine against the running kernel on scenarios whose rules ask and change ipsets. */
const { seed, scenarios, jobs, keep } = settingsFrom(process.env);

describe(`ipsets in the running kernel, seed ${seed}, ${scenarios} scenarios`, () => {
  const problem = unableToRecord();
  const figures = new Figures(seed);
  const names = Array.from({ length: scenarios }, (_, index) => `${seed}-${index + 1}`);
  let judges: Judges | undefined;
  let recordings: ReadonlyMap<string, Promise<Recording>> = new Map();

  before(function () {
    if (problem) {
      console.log(`    skipped: ${problem}`);
      this.skip();
    }
    const all = new Judges(jobs);
    judges = all;
    recordings = new Map(
      names.map((name, index) => {
        const scenario = generateIpsetScenario(name, index % 3 === 2 ? "ipv6" : "ipv4");
        return [name, all.record(scenario)];
      }),
    );
    for (const recording of recordings.values()) recording.catch(() => {});
  });

  for (const name of names) {
    it(`agrees on scenario ${name}`, async () => {
      const recording = await recordings.get(name);
      if (!recording) throw new Error(`${name} was not recorded`);
      const verification = verifyRecording(recording, name);
      figures.add(recording, verification);
      const refused = verification.diagnostics.filter(({ severity }) => severity === "error");
      expect(
        refused.map(({ message, span, source }) => [message, source.text.slice(span.start, span.end)]),
      ).to.deep.equal([]);
      const first = firstDifference(verification);
      if (!first) return;
      if (keep !== undefined) {
        mkdirSync(keep, { recursive: true });
        writeFileSync(join(keep, `${name}.json`), `${JSON.stringify(recording)}\n`);
      }
      expect.fail(`kernel and machine disagree\n${account(first, recording)}`);
    });
  }

  after(() => {
    judges?.close();
    if (!problem) console.log(`    ${figures.summary()}`);
  });
});
