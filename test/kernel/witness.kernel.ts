import { expect } from "chai";
import { type Sample, samplesOf } from "./analysis-samples.ts";
import { settingsFrom } from "./arguments.ts";
import { Judges } from "./record.ts";
import { unableToRecord } from "./unable.ts";

/**
 * What sets say of random rule sets, held to the running kernel by its counters: witnesses hit the rules that they are for,
 * packets that satisfy the conditions of a rule called dead do not, and both are decided about by whom the sets name.
 */
const { seed, jobs } = settingsFrom(process.env);
const wanted = 20;
/** Where so many rule sets give too few samples, something else is wrong. */
const most = 400;

/** The places of the rules and policies whose counters moved: `-A` lines of the listing count by chain. */
function moved(
  loaded: readonly string[],
  counters: readonly (readonly [string, string])[],
): readonly string[] {
  const numbers = new Map<string, number>();
  const places = new Map<string, string[]>();
  let table = "";
  for (const line of loaded) {
    if (line.startsWith("*")) table = line.slice(1);
    const [, rule, chain] = /^\[\d+:\d+\] (-A (\S+).*)$/.exec(line) ?? [];
    if (rule === undefined) continue;
    const number = (numbers.get(`${table}/${chain}`) ?? 0) + 1;
    numbers.set(`${table}/${chain}`, number);
    const key = `${table} ${rule}`;
    places.set(key, [...(places.get(key) ?? []), `${table}/${chain}:${number}`]);
  }
  return counters.flatMap(([of, line]) => {
    const [, chain] = /^:(\S+) \S+ \[/.exec(line) ?? [];
    if (chain !== undefined) return [`${of}/${chain}:policy`];
    // of equal rules each may be the one
    return places.get(`${of} ${line.replace(/^\[\d+:\d+\] /, "")}`) ?? [];
  });
}

describe(`what sets say of packets, in the running kernel, seed ${seed}`, () => {
  const problem = unableToRecord();
  const witnesses: Sample[] = [];
  const dead: Sample[] = [];
  let judges: Judges | undefined;

  before(function () {
    if (problem) {
      console.log(`    skipped: ${problem}`);
      this.skip();
    }
    judges = new Judges(jobs);
    for (let number = 1; number <= most && (witnesses.length < wanted || dead.length < wanted); number++) {
      const samples = samplesOf(`${seed}-witness-${number}`);
      witnesses.push(...samples.witnesses);
      dead.push(...samples.dead);
    }
    witnesses.length = Math.min(wanted, witnesses.length);
    dead.length = Math.min(wanted, dead.length);
  });

  const contradictions = async (samples: readonly Sample[]): Promise<readonly string[]> => {
    const found = await Promise.all(
      samples.map(async ({ rule, claim, decider, words, scenario }) => {
        const recording = await judges?.record(scenario);
        if (!recording) return [];
        const counted = moved(recording.loaded, recording.packets[0]?.counters ?? []);
        const told = `${scenario.seed}: ${words}`;
        return [
          ...(counted.includes(rule) === (claim === "matches") ? [] : [`${told} ${claim} ${rule}`]),
          ...(decider === undefined || counted.includes(decider) ? [] : [`${told} is decided by ${decider}`]),
        ];
      }),
    );
    return found.flat();
  };

  it(`${wanted} witnesses hit the rules that they are for, and are decided about as sets say`, async () => {
    expect(witnesses).to.have.length(wanted);
    expect(witnesses.filter(({ decider }) => decider !== undefined).length).to.be.above(wanted / 2);
    expect(await contradictions(witnesses)).to.deep.equal([]);
  });

  it(`${wanted} packets for rules that lint calls dead miss these, and are decided about as sets say`, async () => {
    expect(dead).to.have.length(wanted);
    expect(dead.filter(({ decider }) => decider !== undefined).length).to.be.above(wanted / 4);
    expect(await contradictions(dead)).to.deep.equal([]);
  });

  after(() => judges?.close());
});
