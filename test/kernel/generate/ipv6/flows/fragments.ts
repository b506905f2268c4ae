import type { Dice } from "../../dice.ts";
import { icmpBytes, tcpBytes, udpBytes } from "../../transport.ts";
import { ipv6Packet } from "../build.ts";
import { type Flow6, sent } from "../flow.ts";
import { ends6 } from "../places.ts";

/** A stretch of the fragmentable part in bytes; `end` is not included. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly more: boolean;
}

const destinationOptions = [0, 1, 4, 0, 0, 0, 0] as const;

/** One or two packets in fragments (RFC 8200, 4.5), most of them fit together. */
export const fragmentFlow6: Flow6 = (dice) => {
  const [client, server] = ends6(dice);
  const port = dice.between(1024, 65000);
  return Array.from({ length: dice.between(1, 2) }, (_, index) => {
    const base = {
      source: client.address,
      destination: server.address,
      hopLimit: dice.of([64, 64, 64, 64, 2, 1]),
      trafficClass: dice.of([0, 0, 0, 2, 3]),
    };
    const { number, bytes } = someDatagram(dice, port);
    // the checksum counts from the addresses, and the fragmentable part may begin with options
    const whole = ipv6Packet({ ...base, protocol: number, payload: bytes });
    const inner = dice.maybe(0.15);
    const part = Uint8Array.from([...(inner ? [number, ...destinationOptions] : []), ...whole.slice(40)]);
    const next = inner ? 60 : number;
    const id = dice.of([0x12340000, 0x7000]) + index * 16 + port;
    const outer = dice.weighed([
      [6, 44],
      [1, 0],
      [1, 60],
    ] as const);
    return somePieces(dice, part.length).map(({ start, end, more }) => {
      const word = start | (more ? 1 : 0);
      const fragment = [
        ...[dice.maybe(0.03) ? 59 : next, 0, word >> 8, word & 255],
        ...[id >>> 24, (id >>> 16) & 255, (id >>> 8) & 255, id & 255],
        ...part.slice(start, end),
      ];
      const before = outer === 44 ? [] : [44, ...destinationOptions];
      const payload = Uint8Array.from([...before, ...fragment]);
      const trafficClass = dice.maybe(0.05) ? 3 : base.trafficClass;
      return sent(client, ipv6Packet({ ...base, trafficClass, protocol: outer, payload }, "absent"));
    });
  }).flat();
};

function someDatagram(dice: Dice, port: number): { readonly number: number; readonly bytes: Uint8Array } {
  const data = new Uint8Array(dice.of([56, 88, 100, 200, 1600])).fill(0x61);
  const segment = { sequence: 1, acknowledgement: 0, window: 99, options: "", flags: 2 } as const;
  return dice.weighed([
    [5, { number: 17, bytes: udpBytes(port, 53, data) }],
    [3, { number: 58, bytes: icmpBytes(128, 0, port * 65536 + 1, data) }],
    [1, { number: 6, bytes: tcpBytes(port, 80, { ...segment, data: "61".repeat(64), checksum: "right" }) }],
    [0.5, { number: 253, bytes: data }],
  ]);
}

/** In order, shuffled, doubled, with one missing, overlapping, or ill-cut; an atomic fragment is a single piece. */
function somePieces(dice: Dice, length: number): readonly Piece[] {
  const units = Math.ceil(length / 8);
  const all = Array.from({ length: units - 1 }, (_, index) => (index + 1) * 8);
  const cuts = dice.some(all, length > 1280 ? 3 : dice.between(1, 3));
  if (length > 1280 && !cuts.some((cut) => cut >= 400 && cut <= 1200)) cuts.splice(0, 3, 400, 1000);
  const edges = [0, ...cuts, length];
  const pieces = edges
    .slice(1)
    .map((end, index) => ({ start: edges[index] ?? 0, end, more: end !== length }));
  const last = pieces.length - 1;
  const change = (at: number, by: Partial<Piece>) =>
    pieces.map((piece, index) => (index === at ? { ...piece, ...by } : piece));
  return dice.weighed<() => readonly Piece[]>([
    [6, () => pieces],
    [4, () => dice.shuffled(pieces)],
    [1.5, () => [...pieces.slice(0, -1), ...pieces.slice(0, 1), ...pieces.slice(-1)]],
    [1, () => dice.some(pieces, last)],
    [1, () => change(last, { start: Math.max(0, edges[last]! - 8) })],
    [1, () => change(0, { end: Math.min(edges[1]! + 8, length & ~7) })],
    [1.5, () => (length > 1280 ? pieces : [{ start: 0, end: length, more: false }])],
    // a length that is no multiple of 8 with more to follow
    [0.7, () => change(0, { end: edges[1]! - 3 })],
    [0.7, () => [{ start: 0, end: 0, more: true }, ...pieces]],
    [0.5, () => [...pieces.slice(0, -1), { start: 65528, end: 65528 + 16, more: false }]],
    // the first piece ends inside the transport header
    [
      1,
      () => [
        { start: 0, end: 8, more: true },
        { start: 8, end: length, more: false },
      ],
    ],
  ])();
}
