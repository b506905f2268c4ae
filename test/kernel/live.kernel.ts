import { expect } from "chai";
import { verifyRecording } from "../../src/evaluate/verify.ts";
import { account, firstDifference } from "./account.ts";
import { generateScenario } from "./generate/scenario.ts";
import { record } from "./record.ts";
import { ruleHits } from "./rule-hits.ts";
import { unableToRecord } from "./unable.ts";

/**
 * Holds the machine against the running kernel on scenarios that nobody has seen before. NETVERDICT_SEED and
 * NETVERDICT_SCENARIOS set the seed and how many there are; `npm run record -- --seed …` makes one of them again.
 */
const seed = process.env["NETVERDICT_SEED"] ?? String(Date.now());
const count = Number(process.env["NETVERDICT_SCENARIOS"] ?? 20);

describe(`the running kernel, seed ${seed}, ${count} scenarios`, () => {
  const problem = unableToRecord();
  const sum = { packets: 0, rules: 0, hit: 0 };

  before(function () {
    if (!problem) return;
    console.log(`    skipped: ${problem}`);
    this.skip();
  });

  for (let number = 1; number <= count; number++) {
    const name = `${seed}-${number}`;
    it(`agrees on scenario ${name}`, () => {
      const recording = record(generateScenario(name));
      const { rules, hit } = ruleHits(recording);
      sum.packets += recording.packets.length;
      sum.rules += rules;
      sum.hit += hit;
      const first = firstDifference(verifyRecording(recording, name));
      if (first) {
        const again = `make it again: npm run record -- --seed ${name}`;
        expect.fail(`kernel and machine disagree\n${account(first, recording)}\n${again}`);
      }
    });
  }

  after(() => {
    if (problem) return;
    console.log(`    ${sum.packets} packets; ${sum.hit} of ${sum.rules} rules were hit`);
  });
});
