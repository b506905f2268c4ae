import type { TableName } from "../../../src/extensions/extension.ts";
import type { Hook } from "../../../src/packet/context.ts";
import { toHex } from "../../../src/packet/hex.ts";
import type { Answer, ScenarioPacket } from "../scenario.ts";
import type { Dice } from "./dice.ts";
import { from, ipPacket } from "./packet.ts";
import { elsewhere, neighbours, own, type Place, remotes } from "./places.ts";

/** What rules can aim at: the ends of a flow as its first packet has them. */
export interface Ends {
  readonly client: Place;
  /** Where packets to `destination` go if no NAT changes it. */
  readonly server: Place;
  readonly protocol: number;
  /** Ports; an ICMP type and 0. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly tos: number;
  readonly ttl: number;
}

/** Packets that belong together, in order; `reply.of` counts within the flow. */
export interface Flow {
  readonly ends: Ends;
  readonly steps: readonly ScenarioPacket[];
  /** The ends of connections that it brings along. */
  readonly also?: readonly Ends[];
  /** Rules that make it what it is. */
  readonly rules?: readonly FlowRule[];
}

/** A rule that stands before a chain's other ones. */
export interface FlowRule {
  readonly table: TableName;
  readonly chain: Hook;
  /** Without `-A` and the chain. */
  readonly text: string;
}

/** Writes a flow down step by step. */
export class FlowWriter {
  readonly steps: ScenarioPacket[] = [];
  readonly ends: Ends;
  private readonly dice: Dice;
  private id: number;
  private replyId: number;
  /** The client's and the server's latest packets, which the other side answers. */
  private lastOf: { client: number | undefined; server: number | undefined } = {
    client: undefined,
    server: undefined,
  };

  constructor(dice: Dice, ends: Ends) {
    this.dice = dice;
    this.ends = ends;
    this.id = dice.between(1, 60000);
    this.replyId = dice.between(1, 60000);
  }

  /** A packet of the client's, from the transport header on. */
  send(payload: Uint8Array, checksum: "right" | "wrong" | "absent" = "right"): void {
    const { client, server, protocol, tos, ttl } = this.ends;
    const packet = ipPacket(
      {
        source: client.address,
        destination: server.address,
        protocol,
        tos,
        ttl,
        id: this.id++,
        dontFragment: this.dice.maybe(0.8),
        payload,
      },
      checksum,
    );
    this.lastOf.client = this.steps.push(from(client, packet)) - 1;
  }

  /** The server's answer to the client's latest packet. */
  answer(answer: Answer): void {
    if (this.lastOf.client !== undefined) this.lastOf.server = this.reply(this.lastOf.client, answer);
  }

  /** An ICMP error of whoever got the latest packet of a side. */
  error(about: "client" | "server", answer: Answer): void {
    const of = this.lastOf[about];
    if (of !== undefined) this.reply(of, answer);
  }

  /** Any packet, from any place; gives its index. */
  other(place: Place, packet: Uint8Array): number {
    return this.steps.push(from(place, packet)) - 1;
  }

  /** A packet of the client's in pieces that the caller makes of it. */
  sendPieces(payload: Uint8Array, cut: (packet: Uint8Array) => readonly Uint8Array[]): void {
    const { client, server, protocol, tos, ttl } = this.ends;
    const ends = { source: client.address, destination: server.address };
    for (const piece of cut(ipPacket({ ...ends, protocol, tos, ttl, id: this.id++, payload }))) {
      this.lastOf.client = this.steps.push(from(client, piece)) - 1;
    }
  }

  /** The answer of whoever got the packet at index `of`; gives its own index. */
  reply(of: number, answer: Answer): number {
    const { tos } = this.ends;
    return (
      this.steps.push({ reply: { of, answer, ttl: this.dice.of([64, 128]), tos, id: this.replyId++ } }) - 1
    );
  }

  get flow(): Flow {
    return { ends: this.ends, steps: this.steps };
  }
}

const serverPorts = [22, 25, 53, 80, 443, 3306, 5060, 8080, 8443] as const;

/** Two places with the host between them or at one end; mostly a way that routing allows. */
export function makeEnds(dice: Dice, protocol: number): Ends {
  const [client, server] = dice.weighed<() => readonly [Place, Place]>([
    [5, () => forwarded(dice)],
    [3, () => [elsewhere(dice), dice.of(own)]],
    [3, () => [dice.of(own), elsewhere(dice)]],
    [0.3, () => [dice.of(own), dice.of(own)]],
    // hairpin
    [0.3, () => hairpin(dice)],
  ])();
  return {
    client,
    server,
    protocol,
    sourcePort: dice.weighed([
      [4, dice.between(1024, 65000)],
      // few, so that flows meet on the same tuple once NAT has run
      [2, dice.of([53, 500, 5353])],
    ]),
    destinationPort: dice.maybe(0.85) ? dice.of(serverPorts) : dice.between(1, 65535),
    tos: dice.weighed([
      [6, 0],
      [1, 0x10],
      [1, 0xb8],
      [0.5, 1],
    ]),
    ttl: dice.weighed([
      [10, 64],
      [4, 128],
      [0.5, 2],
      [0.3, 1],
    ]),
  };
}

function forwarded(dice: Dice): readonly [Place, Place] {
  const client = elsewhere(dice);
  const servers = [...neighbours, ...remotes].filter(({ device }) => device !== client.device);
  return [client, dice.of(servers)];
}

function hairpin(dice: Dice): readonly [Place, Place] {
  const client = dice.of(neighbours);
  return [client, dice.of(neighbours.filter((place) => place.device === client.device && place !== client))];
}

/** Payloads, in which `-m string` finds things. */
export const someData = (dice: Dice): string =>
  toHex(
    new TextEncoder().encode(
      dice.of([
        "GET / HTTP/1.1\r\nHost: www.google.com\r\n\r\n",
        "aagoogle",
        "ADMIN panel xyz",
        "admin",
        "answer",
        "x".repeat(100),
        "x",
      ]),
    ),
  );
