/** `npm run fuzz -- --runs 100000 [--seed N]`: reads that many inputs and reports what is wrong with any of them. */
import { parseArgs } from "node:util";
import { complaint } from "./account.ts";
import { corpus, makeInput } from "./inputs.ts";
import { Chance } from "./random.ts";

/** One input may take this many milliseconds on a busy machine before it counts as a hang. */
const limit = 5000;
const shownFaults = 5;

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const texts = corpus();

let faults = 0;
let longest = 0;
let lines = 0;
const begin = performance.now();
for (let run = 0; run < runs; run++) {
  // each input has a seed of its own, so that one fault can be made again alone
  const chance = new Chance(seed * 1_000_003 + run);
  const text = makeInput(chance, texts);
  const family = chance.below(4) === 0 ? "ipv6" : "ipv4";
  const start = performance.now();
  let wrong: string | undefined;
  try {
    wrong = complaint(text, family);
  } catch (error) {
    wrong = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const took = performance.now() - start;
  longest = Math.max(longest, took);
  lines += text.split("\n").length;
  if (wrong === undefined && took > limit) wrong = `took ${Math.round(took)} ms`;
  if (wrong === undefined) continue;
  faults++;
  if (faults <= shownFaults)
    console.log(`run ${run} (${family}): ${wrong}\n  input ${JSON.stringify(text)}\n`);
}
const seconds = (performance.now() - begin) / 1000;
console.log(
  `${runs} inputs (${lines} lines, seed ${seed}) in ${seconds.toFixed(1)} s, the longest ${Math.round(longest)} ms: ${faults} faults`,
);
process.exitCode = faults === 0 ? 0 : 1;
