import { analyse } from "../../src/analyse/analyse.ts";
import type { Analysis, PacketSet, Path, RuleReach } from "../../src/analyse/analysis.ts";
import { readPacketWords } from "../../src/analyse/policy-words.ts";
import { interfaceNames } from "../../src/analyse/witness/interface-names.ts";
import { patternsOf } from "../../src/analyse/witness/patterns.ts";
import { pickPacket, type Taste } from "../../src/analyse/witness/pick-packet.ts";
import { assuming } from "../../src/analyse/witness/story.ts";
import { Machine } from "../../src/evaluate/machine.ts";
import { lintRules } from "../../src/lint/registry.ts";
import { lint } from "../../src/lint/run.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRule } from "../../src/model/print-rule.ts";
import type { Ruleset } from "../../src/model/ruleset.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { fromHex, toHex } from "../../src/packet/hex.ts";
import { fieldsAsked } from "../analyse/hold/fields-asked.ts";
import { pathOf } from "../analyse/hold/hold-sets.ts";
import { onlyPacket } from "../analyse/hold/one-packet.ts";
import { recordedHost } from "../analyse/hold/run-scenario.ts";
import { type WatchedRuleset, watched } from "../analyse/hold/watched-ruleset.ts";
import { Dice } from "./generate/dice.ts";
import { hostMac, macBytes } from "./generate/places.ts";
import { generateScenario } from "./generate/scenario.ts";
import type { Input, Scenario } from "./scenario.ts";
import { standardHost } from "./standard-host.ts";

/** The share of a scenario's rules that is kept. */
const share = 0.35;

/** Ways through the standard host on which any of its neighbours can send a packet. */
const ways: readonly (readonly [Path, words: string])[] = [
  ["FORWARD", "-i eth1 -o eth0 -s 10.0.0.5 -d 192.0.2.9"],
  ["INPUT", "-i eth1 -s 10.0.0.5 -d 192.0.2.1"],
  ["FORWARD", "-i eth0 -o eth2 -s 192.0.2.9 -d 172.16.5.80"],
  ["INPUT", "-i eth0 -s 192.0.2.33 -d 192.0.2.1"],
];

/** A frame as it comes in. */
type Arrival = Extract<Input, { readonly in: string }>;

/** What the sets say of one packet. Rules and policies are named `filter/INPUT:7` and `filter/INPUT:policy`. */
export interface Sample {
  /** The rule that the packet was made for. */
  readonly rule: string;
  /** It matches the rule; it satisfies the conditions of one that lint says no packet gets to. */
  readonly claim: "matches" | "never matches";
  /** Who decides about it; `undefined` where that hangs on what sets cannot see, or where the host ends it. */
  readonly decider: string | undefined;
  readonly words: string;
  readonly scenario: Scenario;
}

const placeOf = ({ table, chain, number }: Pick<RuleReach, "table" | "chain" | "number">): string =>
  `${table}/${chain}:${number}`;

/** Samples from a generated rule set, some of whose rules are left out. */
export function samplesOf(name: string): {
  readonly witnesses: readonly Sample[];
  readonly dead: readonly Sample[];
} {
  const dice = new Dice(`${name} thin`);
  const rules = generateScenario(name)
    .rules.split("\n")
    .filter((line) => !line.startsWith("-A ") || dice.maybe(share))
    .join("\n");
  const { ruleset, diagnostics } = parseRuleset(rules, { family: "ipv4", filename: name });
  if (diagnostics.some(({ severity }) => severity === "error")) return { witnesses: [], dead: [] };
  const sampler = new Sampler(name, rules, ruleset);
  return { witnesses: sampler.witnesses(dice), dead: sampler.dead() };
}

class Sampler {
  private readonly name: string;
  private readonly rules: string;
  private readonly ruleset: Ruleset;
  private readonly analysis: Analysis;
  private readonly taste: Taste;
  private watch: WatchedRuleset | undefined;
  private watchedAnalysis: Analysis | undefined;

  constructor(name: string, rules: string, ruleset: Ruleset) {
    this.name = name;
    this.rules = rules;
    this.ruleset = ruleset;
    this.analysis = analyse(ruleset);
    const now = Math.floor(Date.now() / 1000);
    this.taste = { interfaces: interfaceNames(ruleset), patterns: patternsOf(ruleset), now };
  }

  witnesses(dice: Dice): readonly Sample[] {
    const { space } = this.analysis;
    return dice
      .shuffled(this.analysis.rules())
      .slice(0, 6)
      .flatMap((reach) => {
        const set = (way: PacketSet) => space.definitely(reach.matchedOf(way));
        // a witness is what the machine bears out: DNAT may take a packet to other chains, words cannot say all there is
        return this.first("matches", reach, set, (input) => this.hits(reach, input));
      });
  }

  dead(): readonly Sample[] {
    const { ruleset, analysis } = this;
    const source = { name: this.name, text: this.rules };
    const { findings } = lint(
      [{ ruleset, source, diagnostics: [], sibling: undefined, analysis: () => analysis }],
      {
        rules: lintRules.filter(({ id }) => ["NV101", "NV102", "NV110", "NV111"].includes(id)),
        levels: new Map(),
      },
    );
    return findings.flatMap(({ about }) => {
      const reach = analysis
        .rules()
        .find((one) => about && "number" in about && placeOf(one) === placeOf(about));
      if (!reach || !this.isOnlyOne(reach)) return [];
      const set = (way: PacketSet) => analysis.space.and(reach.conditions, way);
      return this.first("never matches", reach, set, () => true);
    });
  }

  /** The first packet of a set that a frame can say, on any of the ways. */
  private first(
    claim: Sample["claim"],
    reach: RuleReach,
    within: (way: PacketSet) => PacketSet,
    holds: (input: Arrival) => boolean,
  ): readonly Sample[] {
    const { space } = this.analysis;
    for (const [path, wayWords] of ways) {
      const { value } = readPacketWords(wayWords, { family: "ipv4" });
      const way = value ? space.and(space.domain(path), space.set(value.formula), space.ct.opens) : 0;
      const picked = pickPacket(space, within(way), path, "NEW", this.taste);
      const words = picked && assuming(picked).words;
      const input = words && arrivalOf(words);
      if (!input || !holds(input)) continue;
      const scenario = { seed: this.name, rules: this.rules, packets: [input] };
      return [{ rule: placeOf(reach), claim, decider: this.deciderOf(input), words, scenario }];
    }
    return [];
  }

  private hits({ table, chain, number }: RuleReach, input: Arrival): boolean {
    return receive(this.ruleset, input).events.some(
      (event) =>
        event.kind === "rule" && event.table === table && event.chain === chain && event.number === number,
    );
  }

  /** Of equal rules in a chain a listing does not tell which one counted. */
  private isOnlyOne({ table, chain, number }: RuleReach): boolean {
    const all = this.ruleset.tables.get(table)?.chains.get(chain)?.rules ?? [];
    const lines = all.map((rule) => printRule(rule, chain, "ipv4"));
    return lines.filter((line) => line === lines[number - 1]).length === 1;
  }

  private deciderOf(input: Arrival): string | undefined {
    this.watch ??= watched(this.ruleset);
    this.watchedAnalysis ??= analyse(this.watch.ruleset);
    return decide(this.watchedAnalysis, this.watch, input);
  }
}

/** Who decides about the packet, as the sets have it. The machine says only which packet it is, and its path. */
function decide(analysis: Analysis, watch: WatchedRuleset, input: Arrival): string | undefined {
  const { space, ruleset } = analysis;
  watch.forget();
  const trace = receive(ruleset, input);
  const { entering, tracked } = watch.seen;
  const path = pathOf(trace);
  if (!entering || !path) return undefined;
  const out = trace.events.findLast((event) => event.kind === "hook" && event.outDevice !== undefined);
  const outDevice = path === "INPUT" || out?.kind !== "hook" ? undefined : out.outDevice;
  const sighting = { family: "ipv4", entering, tracked, inDevice: input.in, outDevice, opaque: [] } as const;
  const point = space.and(onlyPacket(space, sighting, fieldsAsked(ruleset)), space.domain(path));
  const deciders = analysis
    .path(path, point)
    .regions.filter(({ packets }) => packets !== 0)
    .map(({ by }) => {
      if (!("number" in by)) return `${by.table}/${by.chain}:policy`;
      // the rules that watch stand first
      const isWatched = ["raw", "mangle"].includes(by.table) && ["PREROUTING", "OUTPUT"].includes(by.chain);
      return placeOf({ ...by, number: by.number - Number(isWatched) });
    });
  return new Set(deciders).size === 1 ? deciders[0] : undefined;
}

function receive(ruleset: Ruleset, input: Arrival) {
  const now = Date.now() / 1000;
  const machine = new Machine(ruleset, { host: recordedHost("ipv4"), now });
  return machine.receive(input.in, fromHex(input.frame), now);
}

/** `undefined` where a frame cannot say it: it carries no mark. */
function arrivalOf(words: string): Arrival | undefined {
  const { value } = composePacket(words, "ipv4");
  if (value?.inDevice === undefined || value.mark !== 0) return undefined;
  const device = value.inDevice;
  const from = standardHost.neighbours.find((one) => one.device === device && words.includes(one.address));
  const mac = value.macSource ?? macBytes(from?.mac ?? "");
  return { in: device, frame: toHex(buildFrame(hostMac(device), mac, value.bytes)) };
}
