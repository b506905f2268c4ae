import { buildIpv4 } from "../../../../src/packet/build.ts";
import { Packet } from "../../../../src/packet/packet.ts";
import type { Dice } from "../dice.ts";
import { type Ends, type Flow, FlowWriter, makeEnds } from "../flow.ts";
import { icmpBytes, udpBytes } from "../transport.ts";

/** A stretch of a packet's payload in units of 8 bytes; `end` is not included. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

function cutOut(whole: Uint8Array, { start, end }: Piece): Uint8Array {
  const packet = new Packet(whole);
  const payload = whole.slice(packet.transportOffset);
  return buildIpv4({
    source: Number(packet.source),
    destination: Number(packet.destination),
    protocol: packet.protocol,
    tos: whole[1] ?? 0,
    ttl: whole[8] ?? 64,
    id: ((whole[4] ?? 0) << 8) | (whole[5] ?? 0),
    fragmentOffset: start,
    moreFragments: end * 8 < payload.length,
    payload: payload.slice(start * 8, end * 8),
  });
}

/** Pieces of `length` units: in order, shuffled, doubled, with one missing or one that overlaps. */
function somePieces(dice: Dice, length: number): Piece[] {
  const cuts = dice.some(
    Array.from({ length: length - 1 }, (_, index) => index + 1),
    dice.between(1, 3),
  );
  const edges = [0, ...cuts, length];
  const pieces = edges.slice(1).map((end, index) => ({ start: edges[index] ?? 0, end }));
  const last = pieces.length - 1;
  return dice.weighed<() => Piece[]>([
    [5, () => pieces],
    [3, () => dice.shuffled(pieces)],
    [1, () => [...pieces.slice(0, -1), ...pieces.slice(0, 1), ...pieces.slice(-1)]],
    [1, () => dice.some(pieces, last)],
    // overlapping: the last begins too early, the first ends too late, a piece lies inside another, all of it again
    [1, () => pieces.map(({ start, end }, index) => ({ start: index === last ? start - 1 : start, end }))],
    [0.7, () => pieces.map(({ start, end }, index) => ({ start, end: index === 0 ? end + 1 : end }))],
    [0.7, () => [...pieces.slice(0, -1), { start: 1, end: 2 }, ...pieces.slice(-1)]],
    [0.4, () => [...pieces.slice(0, -1), { start: 0, end: length }, ...pieces.slice(-1)]],
  ])();
}

/** One or two packets in fragments. */
export function fragmentFlow(dice: Dice): Flow {
  const udp = dice.maybe(0.6);
  const base = makeEnds(dice, udp ? 17 : 1);
  const ends: Ends = udp ? base : { ...base, sourcePort: 8, destinationPort: 0 };
  const writer = new FlowWriter(dice, ends);
  const data = new Uint8Array(dice.of([56, 88, 100, 200])).fill(0x61);
  const payload = udp
    ? udpBytes(ends.sourcePort, ends.destinationPort, data)
    : icmpBytes(8, 0, 0x12340001, data);
  for (let rest = dice.between(1, 2); rest > 0; rest--) {
    const pieces = somePieces(dice, Math.ceil(payload.length / 8));
    writer.sendPieces(payload, (packet) => pieces.map((piece) => cutOut(packet, piece)));
    if (dice.maybe(0.5))
      writer.answer(udp ? { kind: "udp", data: "6f6b", checksum: "right" } : { kind: "icmp-reply" });
  }
  return writer.flow;
}
