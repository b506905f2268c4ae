import type { TcpSegment } from "../../scenario.ts";
import type { Dice } from "../dice.ts";
import { type Ends, type Flow, FlowWriter, makeEnds, someData } from "../flow.ts";
import { tcpBytes } from "../transport.ts";
import { someIcmpError } from "./icmp-error.ts";

export const fin = 1;
export const syn = 2;
export const rst = 4;
export const push = 8;
export const ack = 16;
export const urg = 32;

type Side = "client" | "server";

const later = (sequence: number, by: number): number => (sequence + by) >>> 0;

const synOptions = [
  "020405b4",
  "020405b401010402",
  "020405b401030307",
  "020405b40402080a000003e80000000001030306",
  "",
] as const;

/** One TCP connection with both sides' numbers, and ways to write its segments down. */
export class TcpConversation {
  readonly dice: Dice;
  private readonly writer: FlowWriter;
  /** The next number that each side will send. */
  private readonly next: Record<Side, number>;
  private readonly window: Record<Side, number>;
  private last: { side: Side; segment: TcpSegment } | undefined;

  constructor(dice: Dice, ends: Ends = makeEnds(dice, 6)) {
    this.dice = dice;
    this.writer = new FlowWriter(dice, ends);
    const isn = () =>
      dice.weighed([
        [8, dice.word()],
        [1, 0xfffffff0],
        [1, 0],
      ] as const);
    this.next = { client: isn(), server: isn() };
    this.window = { client: dice.of([8192, 29200, 65535]), server: dice.of([8192, 14480, 512]) };
  }

  /** A segment of a side's; what it sends counts, so that the next one follows it. */
  say(side: Side, flags: number, more: Partial<TcpSegment> = {}): void {
    const other = side === "client" ? "server" : "client";
    const segment: TcpSegment = {
      flags,
      sequence: this.next[side],
      acknowledgement: flags & ack ? this.next[other] : 0,
      window: this.window[side],
      options: flags & syn ? this.dice.of(synOptions) : "",
      data: "",
      checksum: "right",
      ...more,
    };
    this.write(side, segment);
    if (more.sequence !== undefined || more.checksum === "wrong") return;
    const length = segment.data.length / 2 + (flags & syn ? 1 : 0) + (flags & fin ? 1 : 0);
    this.next[side] = later(this.next[side], length);
  }

  /** The latest segment once more. */
  repeat(): void {
    if (this.last) this.write(this.last.side, this.last.segment);
  }

  /** A number this far from the one that is due. */
  off(side: Side, by: number): number {
    return later(this.next[side], by);
  }

  /** New numbers on both sides, as a new connection with the same ends has them. */
  renumber(by: number): void {
    this.next.client = later(this.next.client, by);
    this.next.server = this.dice.word();
  }

  /** An ICMP error about the latest packet of a side. */
  error(about: Side): void {
    this.writer.error(about, someIcmpError(this.dice));
  }

  private write(side: Side, segment: TcpSegment): void {
    this.last = { side, segment };
    const { sourcePort, destinationPort } = this.writer.ends;
    if (side === "server") this.writer.answer({ kind: "tcp", segment });
    else this.writer.send(tcpBytes(sourcePort, destinationPort, segment), segment.checksum);
  }

  get flow(): Flow {
    return this.writer.flow;
  }

  data(side: Side): void {
    this.say(side, push | ack, { data: someData(this.dice) });
  }
}
