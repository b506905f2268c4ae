import type { Dice } from "../../dice.ts";
import { dccpBytes, ipcompBytes } from "../../flows/dccp.ts";
import { icmpBytes, tcpBytes, udpBytes } from "../../transport.ts";
import { ipv6Packet } from "../build.ts";
import { type Flow6, sent } from "../flow.ts";
import { ends6 } from "../places.ts";

/** An extension header but for its first byte, which names the next one. */
interface Extension {
  readonly number: number;
  readonly rest: readonly number[];
}

const padding = [1, 4, 0, 0, 0, 0] as const;

const someExtension = (dice: Dice): Extension =>
  dice.weighed<Extension>([
    [2, { number: 0, rest: [0, ...padding] }],
    [1, { number: 0, rest: [0, 5, 2, 0, 0, 1, 0] }],
    [3, { number: 60, rest: [0, ...padding] }],
    [1, { number: 60, rest: [1, 1, 12, ...new Array<number>(12).fill(0)] }],
    // an option that nobody knows, to be skipped, to be answered
    [0.6, { number: 60, rest: [0, 0x1e, 4, 0, 0, 0, 0] }],
    [0.6, { number: 60, rest: [0, 0x9e, 4, 0, 0, 0, 0] }],
    [0.4, { number: 0, rest: [0, 0x9e, 4, 0, 0, 0, 0] }],
    [0.4, { number: 0, rest: [0, 0x5e, 4, 0, 0, 0, 0] }],
    [1, { number: 43, rest: [0, 0, 0, 0, 0, 0, 0] }],
    [0.7, { number: 43, rest: [2, 0, 1, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, ...new Array<number>(12).fill(1)] }],
    [0.5, { number: 43, rest: [2, 2, 1, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, ...new Array<number>(12).fill(1)] }],
    [0.5, { number: 43, rest: [2, 4, 0, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, ...new Array<number>(12).fill(1)] }],
    [1, segments(dice)],
    [1.5, { number: 51, rest: [4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, ...new Array<number>(11).fill(0)] }],
    [0.8, { number: 135, rest: [0, 0, 0, 0, 0, 0, 0] }],
    [0.3, { number: 139, rest: [0, 0, 0, 0, 0, 0, 0] }],
  ]);

/** A mobility header of 8 or 16 bytes (RFC 6275, 6.1): nothing may follow it. */
const mobility = (dice: Dice): Uint8Array =>
  Uint8Array.from([dice.maybe(0.9) ? 59 : 17, 1, dice.below(9), ...new Array<number>(13).fill(0)]);

/** Three segments, of which some are left (RFC 8754). */
const segments = (dice: Dice): Extension => ({
  number: 43,
  rest: [
    6,
    4,
    dice.below(4),
    2,
    0,
    0,
    7,
    ...[ends[0], ends[1], ends[2]].flatMap((tail) => [...network, ...tail]),
  ],
});
const network = [0x20, 1, 0xd, 0xb8, 0];
const ends = [
  [0, ...new Array<number>(9).fill(0), 9],
  [1, ...new Array<number>(9).fill(0), 5],
  [2, ...new Array<number>(9).fill(0), 9],
] as const;

function someTransport(dice: Dice): { readonly number: number; readonly bytes: Uint8Array } {
  const port = dice.between(1024, 65000);
  const segment = { sequence: 1000, acknowledgement: 0, window: 8192, options: "", data: "" } as const;
  return dice.weighed([
    [4, { number: 17, bytes: udpBytes(port, 53, new Uint8Array(8).fill(0x78)) }],
    [3, { number: 6, bytes: tcpBytes(port, 80, { ...segment, flags: 2, checksum: "right" }) }],
    [2, { number: 58, bytes: icmpBytes(128, 0, port * 65536 + 1, new Uint8Array(8)) }],
    [0.7, { number: 59, bytes: new Uint8Array(dice.of([0, 8])) }],
    [0.5, { number: 50, bytes: new Uint8Array(16).fill(3) }],
    [0.5, { number: 253, bytes: new Uint8Array(16) }],
    [1.5, { number: 135, bytes: mobility(dice) }],
    [0.7, { number: 33, bytes: dccpBytes(dice, port, 80) }],
    [0.5, { number: 108, bytes: ipcompBytes(dice) }],
    [0.4, { number: 4, bytes: new Uint8Array(24) }],
  ]);
}

/** One or two packets with extension headers in a sound order or any other one, some cut short. */
export const extensionFlow: Flow6 = (dice) => {
  const [client, server] = ends6(dice);
  return Array.from({ length: dice.between(1, 2) }, () => {
    const { number, bytes } = someTransport(dice);
    let extensions = Array.from(
      {
        length: dice.weighed([
          [5, 1],
          [3, 2],
          [1, 3],
        ] as const),
      },
      () => someExtension(dice),
    );
    // hop-by-hop options stand first, mostly
    if (dice.maybe(0.9)) extensions = [...extensions].sort((a, b) => order(a) - order(b));
    const payload: number[] = [];
    for (const [index, extension] of extensions.entries()) {
      payload.push(extensions[index + 1]?.number ?? number, ...extension.rest);
    }
    const whole = Uint8Array.from([...payload, ...bytes]);
    const packet = ipv6Packet(
      {
        source: client.address,
        destination: server.address,
        protocol: extensions[0]?.number ?? number,
        hopLimit: dice.of([64, 64, 64, 1]),
        payload: dice.maybe(0.12) ? whole.slice(0, dice.below(whole.length)) : whole,
      },
      "right",
    );
    return sent(client, packet);
  });
};

const order = ({ number }: Extension): number => (number === 0 ? 0 : 1);
