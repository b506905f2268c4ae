import type { RecordedPacket, Recording } from "../../src/evaluate/recording.ts";
import type { Verification } from "../../src/evaluate/verify.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";
import { protocolName } from "../../src/packet/protocols.ts";

/** How often something was asked, and in how many of these cases kernel and machine agreed or a rule was hit. */
export interface Tally {
  total: number;
  good: number;
}

/** A campaign in figures, as docs/conformance.md shows them. */
export interface CampaignData {
  readonly seed: string;
  readonly kernel: string;
  /** ISO date of the first recording, in UTC. */
  readonly date: string;
  readonly iptables: string;
  readonly scenarios: Tally;
  /** The scenarios, by name, that agreed only when the kernel was asked again. */
  readonly undecided: readonly string[];
  readonly packets: Tally;
  /** `good`: hit by a packet. */
  readonly rules: Tally;
  /** Packets that agreed, by their protocol as it arrived. */
  readonly protocols: Readonly<Record<string, Tally>>;
  /** Rules that were hit, by the match or target that they use. */
  readonly extensions: Readonly<Record<string, Tally>>;
  /** Scenarios that agreed, by the matches and targets that their rules use. */
  readonly users: Readonly<Record<string, Tally>>;
  /** Scenarios that agreed, by family and backend. */
  readonly kinds: Readonly<Record<string, Tally>>;
}

const none = (): Tally => ({ total: 0, good: 0 });

function count(tally: Tally, good: boolean): void {
  tally.total++;
  if (good) tally.good++;
}

function countIn(tallies: Record<string, Tally>, name: string, good: boolean): void {
  tallies[name] ??= none();
  count(tallies[name], good);
}

/** Adds up what a campaign asked the kernel. */
export class Figures {
  private readonly seed: string;
  private readonly iptables: string;
  private kernel = "";
  private date = "";
  private readonly scenarios = none();
  private readonly undecided: string[] = [];
  private readonly packets = none();
  private readonly rules = none();
  private readonly protocols: Record<string, Tally> = {};
  private readonly extensions: Record<string, Tally> = {};
  private readonly users: Record<string, Tally> = {};
  private readonly kinds: Record<string, Tally> = {};

  /** `iptables`: the version of iptables that loaded the rules. */
  constructor(seed: string, iptables = "") {
    this.seed = seed;
    this.iptables = iptables;
  }

  add(recording: Recording, { packets }: Verification): void {
    this.kernel = recording.kernel;
    this.date ||= new Date(recording.started * 1000).toISOString().slice(0, 10);
    const agrees = packets.every((packet) => packet.agrees);
    count(this.scenarios, agrees);
    const family = recording.family === "ipv6" ? "IPv6" : "IPv4";
    countIn(this.kinds, `${family}, iptables-${recording.backend}`, agrees);
    for (const { index, agrees: good } of packets) {
      count(this.packets, good);
      const packet = recording.packets[index];
      if (packet) countIn(this.protocols, `${family} ${protocolOf(packet)}`, good);
    }
    const used = new Set<string>();
    for (const { text, hit } of rulesOf(recording)) {
      count(this.rules, hit);
      for (const name of extensionsOf(text)) {
        countIn(this.extensions, name, hit);
        used.add(name);
      }
    }
    for (const name of used) countIn(this.users, name, agrees);
  }

  /** The kernel did not do the same in two runs of this scenario. */
  addUndecided(name: string): void {
    this.undecided.push(name);
  }

  get data(): CampaignData {
    const { seed, kernel, date, iptables, scenarios, undecided, packets, rules } = this;
    const { protocols, extensions, users, kinds } = this;
    return {
      ...{ seed, kernel, date, iptables, scenarios, undecided, packets, rules },
      ...{ protocols, extensions, users, kinds },
    };
  }

  /** In a line. */
  summary(): string {
    const of = ({ good, total }: Tally, what: string) => `${good} of ${total} ${what}`;
    return [
      `${of(this.packets, "packets")} agree`,
      `${of(this.scenarios, "scenarios")} do`,
      ...(this.undecided.length > 0 ? [`asked again: ${this.undecided.join(", ")}`] : []),
      `${of(this.rules, "rules")} were hit`,
    ].join("; ");
  }
}

function protocolOf(packet: RecordedPacket): string {
  const bytes = "frame" in packet ? fromHex(packet.frame).slice(14) : fromHex(packet.packet);
  if (bytes.length < 20) return "cut off";
  const { protocol, fragmentOffset, moreFragments } = new Packet(bytes);
  return fragmentOffset > 0 || moreFragments ? "fragments" : protocolName(protocol);
}

/** The rules that the kernel loaded, without counters, and whether a packet hit them. */
function rulesOf({ loaded, packets }: Recording): { readonly text: string; readonly hit: boolean }[] {
  const isRule = (line: string) => line.startsWith("[");
  const withoutCounters = (line: string) => line.slice(line.indexOf("]") + 2);
  const hit = new Set<string>();
  for (const { counters } of packets) {
    for (const [table, line] of counters) if (isRule(line)) hit.add(`${table} ${withoutCounters(line)}`);
  }
  let table = "";
  return loaded.flatMap((line) => {
    if (line.startsWith("*")) table = line.slice(1);
    if (!isRule(line)) return [];
    const text = withoutCounters(line);
    return [{ text, hit: hit.has(`${table} ${text}`) }];
  });
}

/** `-m name` and `-j NAME` of a rule as iptables-save prints it; a jump to a chain counts as `jump`. */
function extensionsOf(text: string): string[] {
  const words = text.replace(/"(?:[^"\\]|\\.)*"/g, "x").split(" ");
  const after = (flag: string) => words.flatMap((word, at) => (word === flag ? [words[at + 1] ?? ""] : []));
  const targets = after("-j").map((name) => (/^[A-Z]+$/.test(name) ? `-j ${name}` : "-j CHAIN"));
  const gotos = after("-g").map(() => "-g CHAIN");
  return [...new Set([...after("-m").map((name) => `-m ${name}`), ...targets, ...gotos])];
}
