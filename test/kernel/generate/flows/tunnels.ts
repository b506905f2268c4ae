import { crc32c } from "../../../../src/packet/crc32c.ts";
import type { Dice } from "../dice.ts";
import { type Ends, type Flow, FlowWriter, makeEnds } from "../flow.ts";
import { ipPacket } from "../packet.ts";

/** Flows of the other protocols that conntrack knows by name. No NAT is followed: the answers are to what was sent. */
function conversation(
  dice: Dice,
  ends: Ends,
  packets: readonly (readonly [from: "client" | "server", payload: Uint8Array])[],
): Flow {
  const writer = new FlowWriter(dice, ends);
  for (const [from, payload] of packets) {
    if (from === "client") {
      writer.send(payload, "absent");
      continue;
    }
    const { client, server, protocol } = ends;
    const header = { source: server.address, destination: client.address, protocol, ttl: 64 };
    writer.other(server, ipPacket({ ...header, id: dice.between(1, 60000), payload }, "absent"));
  }
  return writer.flow;
}

/** A GRE packet: version 0 with a key or none, version 1 (PPTP) with a call id. */
function greBytes(version: number, key: number | undefined): Uint8Array {
  const bytes = new Uint8Array(version === 1 ? 16 : key === undefined ? 8 : 12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, (key === undefined && version === 0 ? 0 : 0x2000) | version);
  view.setUint16(2, version === 1 ? 0x880b : 0x0800);
  if (version === 1) view.setUint16(4, 4);
  if (key !== undefined) view.setUint32(4, key);
  return bytes;
}

export function greFlow(dice: Dice): Flow {
  const ends: Ends = { ...makeEnds(dice, 47), sourcePort: 0, destinationPort: 0 };
  const version = dice.of([0, 0, 1]);
  const key = version === 1 || dice.maybe(0.4) ? dice.between(1, 0xffff) : undefined;
  const sides = dice.of([
    ["client"],
    ["client", "server"],
    ["client", "server", "client", "server"],
  ] as const);
  const wrong = dice.maybe(0.1) ? greBytes(version, key).slice(0, 3) : undefined;
  return conversation(
    dice,
    ends,
    sides.map((side) => [side, wrong ?? greBytes(version, key)] as const),
  );
}

/** UDP-Lite whose checksum covers the header or all. */
export function udpliteFlow(dice: Dice): Flow {
  const ends = makeEnds(dice, 136);
  const bytes = (source: number, destination: number) => {
    const packet = new Uint8Array(16).fill(0x61);
    const view = new DataView(packet.buffer);
    view.setUint16(0, source);
    view.setUint16(2, destination);
    view.setUint16(4, dice.of([0, 8, 16, 4, 100]));
    view.setUint16(6, dice.of([0x1234, 0]));
    return packet;
  };
  const there = () => ["client", bytes(ends.sourcePort, ends.destinationPort)] as const;
  const back = () => ["server", bytes(ends.destinationPort, ends.sourcePort)] as const;
  return conversation(dice, ends, [there(), ...(dice.maybe(0.6) ? [back(), there()] : [])]);
}

/** SCTP chunk types. */
const [data, init, initAck, abort, shutdown, shutdownAck, cookieEcho, cookieAck, shutdownComplete] = [
  0, 1, 2, 6, 7, 8, 10, 11, 14,
] as const;

const stories: readonly (readonly (readonly ["client" | "server", number])[])[] = [
  [
    ["client", init],
    ["server", initAck],
    ["client", cookieEcho],
    ["server", cookieAck],
    ["client", data],
    ["client", shutdown],
    ["server", shutdownAck],
    ["client", shutdownComplete],
  ],
  [
    ["client", init],
    ["server", initAck],
    ["client", cookieEcho],
    ["server", cookieAck],
    ["server", data],
    ["client", abort],
  ],
  [["client", init]],
  [
    ["client", init],
    ["server", abort],
  ],
  [["client", data]],
  [["client", cookieEcho]],
  [
    ["client", 4],
    ["server", 5],
  ],
];

export function sctpFlow(dice: Dice): Flow {
  const ends = makeEnds(dice, 132);
  const tags = { client: dice.word(), server: dice.word() };
  const packet = (side: "client" | "server", type: number) => {
    // an INIT carries its sender's tag and 0 in the header, all else the receiver's
    const other = side === "client" ? "server" : "client";
    const bytes = new Uint8Array(type <= 2 ? 12 + 20 : 12 + 4);
    const view = new DataView(bytes.buffer);
    const [source, destination] = [ends.sourcePort, ends.destinationPort];
    view.setUint16(0, side === "client" ? source : destination);
    view.setUint16(2, side === "client" ? destination : source);
    view.setUint32(4, type === init ? 0 : dice.maybe(0.05) ? 77 : tags[other]);
    view.setUint8(12, type);
    view.setUint16(14, bytes.length - 12);
    if (type === init || type === initAck) view.setUint32(16, tags[side]);
    view.setUint32(8, dice.maybe(0.05) ? 1 : crc32c(bytes, 0, 8), true);
    return bytes;
  };
  return conversation(
    dice,
    ends,
    dice.of(stories).map(([side, type]) => [side, packet(side, type)] as const),
  );
}

/** UDP that is longer than the next link's MTU, with and without DF. */
export function bigFlow(dice: Dice): Flow {
  const base = makeEnds(dice, 17);
  const writer = new FlowWriter(dice, base);
  const { client, server, protocol, tos, ttl, sourcePort, destinationPort } = base;
  for (let rest = dice.between(1, 3); rest > 0; rest--) {
    const payload = new Uint8Array(8 + dice.of([1472, 1473, 1480, 2000, 3100])).fill(0x62);
    const view = new DataView(payload.buffer);
    view.setUint16(0, sourcePort);
    view.setUint16(2, destinationPort);
    view.setUint16(4, payload.length);
    view.setUint16(6, 0);
    const header = { source: client.address, destination: server.address, protocol, tos, ttl };
    const dontFragment = dice.maybe(0.4);
    writer.other(client, ipPacket({ ...header, id: dice.between(1, 60000), dontFragment, payload }));
  }
  return writer.flow;
}
