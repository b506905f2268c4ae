import type { Decision, Trace } from "../evaluate/trace.ts";
import type { CapturedPacket } from "./captured-packet.ts";
import { FlowTable, type Tally, type Verdict } from "./flow-table.ts";

/** More different texts than this are counted as one: a replay's memory must not grow with its captures. */
const differentTexts = 200;
const furtherTexts = "others";

/** What decided about so many packets. */
export interface DeciderTally extends Tally {
  readonly verdict: Verdict;
  readonly decision: Decision;
}

/** What became of the packets of a replay. */
export class ReplayCount {
  /** Captured packets, the ones left out among them. */
  packets = 0;
  bytes = 0;
  /** Seconds since 1970; `undefined` before the first packet. */
  from: number | undefined;
  to: number | undefined;
  /** Packets that the machine was given. */
  replayed = 0;
  /** Captured a second time on their way out: the machine had sent them. */
  left = 0;
  /** Cut by the snaplen. */
  truncated = 0;
  /** Of these, the ones in which zeros stand for what was cut off. */
  filled = 0;
  /** Packets with an earlier time than the one before them; they count as simultaneous. */
  backInTime = 0;
  /** A capture whose interface nobody names. */
  unnamedFile: string | undefined;
  readonly verdicts = new Map<Verdict, Tally>();
  readonly flows: FlowTable;
  /** Packets that were left out, by why. */
  readonly skipped = new Map<string, number>();
  readonly assumptions = new Set<string>();
  private readonly byDecider = new Map<unknown, DeciderTally>();
  /** Often the same one decides about the next packet. */
  private last: { readonly decision: Decision; readonly tally: DeciderTally } | undefined;

  constructor(flowLimit: number) {
    this.flows = new FlowTable(flowLimit);
  }

  captured({ bytes, at }: CapturedPacket): void {
    this.packets++;
    this.bytes += bytes.length;
    if (at <= 0) return;
    if (this.from === undefined || at < this.from) this.from = at;
    if (this.to === undefined || at > this.to) this.to = at;
  }

  skip(reason: string): void {
    const known = this.skipped.has(reason) || this.skipped.size < differentTexts;
    const key = known ? reason : furtherTexts;
    this.skipped.set(key, (this.skipped.get(key) ?? 0) + 1);
  }

  unnamed(file: string): void {
    this.unnamedFile ??= file;
    this.skip("of an interface that nobody names");
  }

  leave(): void {
    this.left++;
  }

  /** What became of the IP packet from `packetAt` to the end of `bytes`. */
  fate({ fate, assumptions }: Trace, bytes: Uint8Array, packetAt: number): void {
    this.replayed++;
    const { verdict, decision } = fate;
    let tally = this.verdicts.get(verdict);
    if (!tally) {
      tally = { packets: 0, bytes: 0 };
      this.verdicts.set(verdict, tally);
    }
    const length = bytes.length - packetAt;
    grow(tally, length);
    if (!this.last || !isSame(this.last.decision, decision))
      this.last = { decision, tally: this.decider(verdict, decision) };
    grow(this.last.tally, length);
    this.flows.add(bytes, packetAt, verdict);
    for (const text of assumptions) {
      if (this.assumptions.size < differentTexts) this.assumptions.add(text);
    }
  }

  /** What decided, most packets first. */
  deciders(): readonly DeciderTally[] {
    return [...this.byDecider.values()].sort((one, other) => other.packets - one.packets);
  }

  private decider(verdict: Verdict, decision: Decision): DeciderTally {
    const key = keyOf(decision);
    const found = this.byDecider.get(key);
    if (found) return found;
    const isFurther = decision.kind === "host" && this.byDecider.size >= differentTexts;
    const made = {
      verdict,
      decision: isFurther ? { kind: "host" as const, reason: furtherTexts } : decision,
      packets: 0,
      bytes: 0,
    };
    const place = isFurther ? furtherTexts : key;
    const there = this.byDecider.get(place);
    if (there) return there;
    this.byDecider.set(place, made);
    return made;
  }
}

function isSame(one: Decision, other: Decision): boolean {
  switch (one.kind) {
    case "rule":
      return other.kind === "rule" && one.rule === other.rule;
    case "policy":
      return other.kind === "policy" && one.chain === other.chain && one.table === other.table;
    case "host":
      return other.kind === "host" && one.reason === other.reason;
  }
}

/** A rule is itself; the rest is known by its text. */
function keyOf(decision: Decision): unknown {
  switch (decision.kind) {
    case "rule":
      return decision.rule;
    case "policy":
      return `${decision.table}/${decision.chain}`;
    case "host":
      return `host: ${decision.reason}`;
  }
}

function grow(tally: Tally, bytes: number): void {
  tally.packets++;
  tally.bytes += bytes;
}
