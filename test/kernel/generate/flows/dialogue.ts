import type { TcpSegment } from "../../scenario.ts";
import type { Dice } from "../dice.ts";
import type { FlowWriter } from "../flow.ts";
import { ack, fin, push, syn } from "./tcp.ts";

type Speaker = "opener" | "other";

/**
 * A TCP connection whose sides speak in turn, each to what it got of the other's latest packet. Numbers follow from that
 * packet as it came, so that they are right also where a helper changed its length.
 */
export class Dialogue {
  private readonly writer: FlowWriter;
  private readonly dice: Dice;
  private readonly last: Record<Speaker, number>;

  /** `open` writes the first segment down and gives its index. */
  constructor(writer: FlowWriter, dice: Dice, open: (segment: TcpSegment) => number) {
    this.writer = writer;
    this.dice = dice;
    const first = open(this.segment(syn));
    this.last = { opener: first, other: first };
  }

  private segment(flags: number): TcpSegment {
    return {
      flags,
      sequence: this.dice.word(),
      acknowledgement: 0,
      window: 29200,
      options: flags & syn ? "020405b4" : "",
      data: "",
      checksum: "right",
    };
  }

  /** Gives the index of what was said. */
  say(speaker: Speaker, flags: number, text?: string): number {
    const heard = this.last[speaker === "opener" ? "other" : "opener"];
    const words = text === undefined ? {} : { text };
    const answer = { kind: "tcp", segment: this.segment(flags), follows: true, ...words } as const;
    this.last[speaker] = this.writer.reply(heard, answer);
    return this.last[speaker];
  }

  text(speaker: Speaker, text: string): number {
    return this.say(speaker, push | ack, text);
  }

  /** The rest of the three-way handshake. */
  shakeHands(): void {
    this.say("other", syn | ack);
    this.say("opener", ack);
  }

  close(): void {
    this.say("opener", fin | ack);
    this.say("other", fin | ack);
    this.say("opener", ack);
  }
}
