import { expect } from "chai";
import { analyse } from "../../src/analyse/analyse.ts";
import type { Analysis, PacketSet, Path, RuleReach } from "../../src/analyse/analysis.ts";
import { readPacketWords } from "../../src/analyse/policy-words.ts";
import { interfaceNames } from "../../src/analyse/witness/interface-names.ts";
import { patternsOf } from "../../src/analyse/witness/patterns.ts";
import { pickPacket } from "../../src/analyse/witness/pick-packet.ts";
import { assuming } from "../../src/analyse/witness/story.ts";
import { Machine } from "../../src/evaluate/machine.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Ruleset } from "../../src/model/ruleset.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { fromHex, toHex } from "../../src/packet/hex.ts";
import { recordedHost } from "../analyse/hold/run-scenario.ts";
import { settingsFrom } from "./arguments.ts";
import { Dice } from "./generate/dice.ts";
import { hostMac, macBytes } from "./generate/places.ts";
import { generateScenario } from "./generate/scenario.ts";
import { Judges } from "./record.ts";
import type { Input, Scenario } from "./scenario.ts";
import { standardHost } from "./standard-host.ts";
import { unableToRecord } from "./unable.ts";

/** Witnesses that the sets give for rules of random rule sets, sent through the running kernel: the rule's counter must move. */
const { seed, jobs } = settingsFrom(process.env);
const wanted = 20;
/** The share of a scenario's rules that is kept. */
const share = 0.35;

/** Ways through the standard host on which any of its neighbours can send a packet. */
const ways: readonly (readonly [Path, words: string])[] = [
  ["FORWARD", "-i eth1 -o eth0 -s 10.0.0.5 -d 192.0.2.9"],
  ["INPUT", "-i eth1 -s 10.0.0.5 -d 192.0.2.1"],
  ["FORWARD", "-i eth0 -o eth2 -s 192.0.2.9 -d 172.16.5.80"],
  ["INPUT", "-i eth0 -s 192.0.2.33 -d 192.0.2.1"],
];

interface Sample {
  readonly rule: string;
  readonly words: string;
  readonly input: Arrival;
  readonly scenario: Scenario;
}

/** A frame as it comes in. */
type Arrival = Extract<Input, { readonly in: string }>;

function* samplesOf(name: string): Iterable<Sample> {
  const dice = new Dice(`${name} thin`);
  const rules = generateScenario(name)
    .rules.split("\n")
    .filter((line) => !line.startsWith("-A ") || dice.maybe(share))
    .join("\n");
  const { ruleset, diagnostics } = parseRuleset(rules, { family: "ipv4", filename: name });
  if (diagnostics.some(({ severity }) => severity === "error")) return;
  const analysis = analyse(ruleset);
  const { space } = analysis;
  const taste = {
    interfaces: interfaceNames(ruleset),
    patterns: patternsOf(ruleset),
    now: Math.floor(Date.now() / 1000),
  };
  for (const reach of dice.shuffled(analysis.rules()).slice(0, 6)) {
    for (const [path, words] of ways) {
      const set = space.and(
        space.definitely(reach.matchedOf(wayThrough(analysis, path, words))),
        space.ct.opens,
      );
      const picked = set === 0 ? undefined : pickPacket(space, set, path, "NEW", taste);
      if (!picked) continue;
      const sample = sampleOf(name, reach, rules, assuming(picked).words);
      // a witness is what the machine bears out: DNAT may take a packet to other chains, words cannot say all there is
      if (!sample || !hits(ruleset, reach, sample.input)) continue;
      yield sample;
      break;
    }
  }
}

function hits(ruleset: Ruleset, { table, chain, number }: RuleReach, input: Arrival): boolean {
  const now = Date.now() / 1000;
  const machine = new Machine(ruleset, { host: recordedHost("ipv4"), now });
  const { events } = machine.receive(input.in, fromHex(input.frame), now);
  return events.some(
    (event) =>
      event.kind === "rule" && event.table === table && event.chain === chain && event.number === number,
  );
}

function wayThrough({ space }: Analysis, path: Path, words: string): PacketSet {
  const { value } = readPacketWords(words, { family: "ipv4" });
  return value ? space.and(space.domain(path), space.set(value.formula)) : 0;
}

/** `undefined` where a frame cannot say it: it carries no mark. */
function sampleOf(
  name: string,
  { table, chain, number }: RuleReach,
  rules: string,
  words: string,
): Sample | undefined {
  const { value } = composePacket(words, "ipv4");
  if (value?.inDevice === undefined || value.mark !== 0) return undefined;
  const device = value.inDevice;
  const from = standardHost.neighbours.find((one) => one.device === device && words.includes(one.address));
  const mac = value.macSource ?? macBytes(from?.mac ?? "");
  const input: Arrival = { in: device, frame: toHex(buildFrame(hostMac(device), mac, value.bytes)) };
  return {
    rule: `${table}/${chain}:${number}`,
    words,
    input,
    scenario: { seed: name, rules, packets: [input] },
  };
}

/** The places of the rules whose counters moved: `-A` lines of the listing count by chain. */
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
  // of equal rules each may be the one
  return counters.flatMap(([of, line]) => places.get(`${of} ${line.replace(/^\[\d+:\d+\] /, "")}`) ?? []);
}

describe(`witnesses in the running kernel, seed ${seed}`, () => {
  const problem = unableToRecord();
  const samples: Sample[] = [];
  let judges: Judges | undefined;

  before(function () {
    if (problem) {
      console.log(`    skipped: ${problem}`);
      this.skip();
    }
    judges = new Judges(jobs);
    for (let number = 1; samples.length < wanted; number++)
      samples.push(...samplesOf(`${seed}-witness-${number}`));
    samples.length = wanted;
  });

  it(`${wanted} of them hit the rules that they are for`, async () => {
    const missed = await Promise.all(
      samples.map(async ({ rule, words, scenario }) => {
        const recording = await judges?.record(scenario);
        const hits = recording ? moved(recording.loaded, recording.packets[0]?.counters ?? []) : [];
        return hits.includes(rule) ? [] : [`${scenario.seed}: ${words} does not hit ${rule}`];
      }),
    );
    expect(missed.flat()).to.deep.equal([]);
  });

  after(() => judges?.close());
});
