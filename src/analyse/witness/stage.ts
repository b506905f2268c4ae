import { answerTo } from "../../evaluate/answer-to.ts";
import { Machine, type RunOptions } from "../../evaluate/machine.ts";
import type { Trace } from "../../evaluate/trace.ts";
import { type AssumedPath, assumedHost } from "../../host/assumed-host.ts";
import type { Host } from "../../host/host.ts";
import type { Ipsets } from "../../host/ipset/ipsets.ts";
import { fixedLinkAddress } from "../../host/link-address.ts";
import type { Backend } from "../../model/hooks.ts";
import { composePacket, type WordedPacket } from "../../model/packet-words.ts";
import type { Ruleset } from "../../model/ruleset.ts";
import type { Family } from "../../packet/address.ts";
import { buildFrame } from "../../packet/ethernet.ts";
import { Packet } from "../../packet/packet.ts";
import { HostInTurn } from "./host-in-turn.ts";
import type { Story } from "./story.ts";

export interface StageOptions {
  /** Seconds since 1970 at which the rules are loaded. */
  readonly now: number;
  readonly sets?: Ipsets | undefined;
  readonly backend?: Backend | undefined;
  /** One host for all stories; else each has its own. */
  readonly host?: Host;
}

/** How a story went. */
export interface Played {
  /** Of the packet that counts. */
  readonly trace: Trace;
  /** Of all packets in their order, the one that counts last. */
  readonly traces: readonly Trace[];
  /** How often the packet was sent until it did what was wanted, or gave up. */
  readonly sent: number;
  /** It did what was wanted. */
  readonly held: boolean;
}

/** The sender on the wire where nobody names one: locally administered, as in RFC 7042, 2.1. */
const neighbourMac: Uint8Array = Uint8Array.of(2, 0, 0, 0, 0, 0xfe);

/**
 * A machine on which stories are played one after the other, each on a host that nobody described but its own packets: as
 * `netverdict trace --packets` would run them.
 */
export class Stage {
  private readonly ruleset: Ruleset;
  private readonly host: HostInTurn;
  private readonly isOneHost: boolean;
  private readonly machine: Machine;

  constructor(ruleset: Ruleset, { now, sets, backend = "legacy", host }: StageOptions) {
    this.host = new HostInTurn(host ?? assumedHost([]));
    this.isOneHost = host !== undefined;
    this.ruleset = ruleset;
    this.machine = new Machine(ruleset, { host: this.host, now, sets, backend });
  }

  /** Plays a story at a time that must not lie before earlier ones'; `undefined` for words that are no packet. */
  play(story: Story, at: number, holds: (trace: Trace) => boolean): Played | undefined {
    const own = this.compose(story.words);
    const before = story.before.map((one) => (one.kind === "reply" ? one : this.compose(one.words)));
    if (!own || before.some((one) => one === undefined)) return undefined;
    if (!this.isOneHost) this.host.current = hostOfStories([story], this.ruleset.family);
    const traces: Trace[] = [];
    for (const one of before) {
      const trace = one && ("bytes" in one ? this.feed(one, at) : this.answer(traces.at(-1), at));
      if (!trace) return undefined;
      traces.push(trace);
    }
    let trace = this.feed(own, at);
    traces.push(trace);
    let sent = 1;
    while (!holds(trace) && sent < story.tries) {
      trace = this.feed(own, at);
      traces.push(trace);
      sent++;
    }
    return { trace, traces, sent, held: holds(trace) };
  }

  private compose(words: string): WordedPacket | undefined {
    return composePacket(words, this.ruleset.family).value;
  }

  private feed(packet: WordedPacket, at: number): Trace {
    const { bytes, inDevice, macSource, mark, owner, told, ctState } = packet;
    const options = { mark, told, ...(owner ? { owner } : {}), ...(ctState ? { assumeState: ctState } : {}) };
    if (inDevice === undefined) return this.machine.send(bytes, at, options);
    return this.arrive(inDevice, bytes, at, options, macSource);
  }

  private arrive(
    device: string,
    bytes: Uint8Array,
    at: number,
    options: RunOptions,
    from = neighbourMac,
  ): Trace {
    const own = this.host.interfaces.get(device);
    const mac = own?.mac && (fixedLinkAddress(own, new Packet(bytes).destination) ?? own.mac);
    return this.machine.receive(device, mac ? buildFrame(mac, from, bytes) : bytes, at, options);
  }

  private answer(last: Trace | undefined, at: number): Trace | undefined {
    const answer = last ? answerTo(last) : "nothing stands before it";
    if (typeof answer === "string") return undefined;
    return answer.kind === "local"
      ? this.machine.send(answer.bytes, at)
      : this.arrive(answer.device, answer.bytes, at, {});
  }
}

/** The host that the packets of stories hint at. */
export const hostOfStories = (stories: readonly Story[], family: Family): Host =>
  assumedHost(waysOf(stories, family));

/** The ways of the packets that are written in words. */
export function waysOf(stories: readonly Story[], family: Family): readonly AssumedPath[] {
  const words = stories.flatMap((story) => [
    ...story.before.flatMap((one) => (one.kind === "words" ? [one.words] : [])),
    story.words,
  ]);
  return words.flatMap((text) => {
    const packet = composePacket(text, family).value;
    if (!packet) return [];
    const { source, destination } = new Packet(packet.bytes);
    return [{ inDevice: packet.inDevice, outDevice: packet.outDevice, source, destination }];
  });
}

/**
 * What becomes of a packet that is written in words: as `netverdict trace` would say. `undefined` for words that are no
 * packet. `now` is in seconds since 1970.
 */
export function replayWords(
  words: string,
  ruleset: Ruleset,
  now: number,
  options: Pick<StageOptions, "sets" | "backend"> = {},
): Trace | undefined {
  const story: Story = { before: [], words, tries: 1, assumed: undefined };
  return new Stage(ruleset, { ...options, now }).play(story, now, () => true)?.trace;
}
