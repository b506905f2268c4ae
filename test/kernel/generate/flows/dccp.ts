import type { Dice } from "../dice.ts";
import { type Ends, type Flow, FlowWriter, makeEnds } from "../flow.ts";

/** Bytes behind the common header of 16, by packet type (RFC 4340, 5). */
const further = [4, 12, 0, 8, 8, 8, 8, 12, 8, 8] as const;

const optionLists: readonly (readonly number[])[] = [
  [],
  [0, 1, 2, 5],
  [5, 3, 9, 0],
  [0x2c, 4, 0, 5],
  [0x20, 6, 1, 2, 3, 4, 0, 0],
];

/** A DCCP packet with sequence numbers of 48 bits; the checksum is not looked at by any rule. */
export function dccpBytes(dice: Dice, sourcePort: number, destinationPort: number): Uint8Array {
  const type = dice.weighed([
    [3, 0],
    [6, dice.below(10)],
    [1, dice.between(10, 15)],
  ]);
  const options = dice.of(optionLists);
  const length = 16 + (further[type] ?? 12) + options.length;
  const bytes = new Uint8Array(length + dice.of([0, 0, 6]));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint8(4, dice.maybe(0.9) ? length / 4 : dice.of([3, 5, 15]));
  view.setUint8(8, (type << 1) | 1);
  bytes.set(options, length - options.length);
  return dice.maybe(0.07) ? bytes.slice(0, dice.between(1, length)) : bytes;
}

export function dccpFlow(dice: Dice): Flow {
  const ends = makeEnds(dice, 33);
  const writer = new FlowWriter(dice, ends);
  for (let rest = dice.between(1, 3); rest > 0; rest--)
    writer.send(dccpBytes(dice, ends.sourcePort, ends.destinationPort), "absent");
  return writer.flow;
}

/** IPComp: next header, flags, the index of the compression's parameters, data (RFC 3173, 3.3). */
export const ipcompBytes = (dice: Dice): Uint8Array =>
  Uint8Array.from([6, 0, 0, dice.of([2, 2, 0, 5]), ...new Array<number>(8).fill(9)]).slice(
    0,
    dice.maybe(0.9) ? 12 : 3,
  );

export function ipcompFlow(dice: Dice): Flow {
  const ends: Ends = { ...makeEnds(dice, 108), sourcePort: 0, destinationPort: 0 };
  const writer = new FlowWriter(dice, ends);
  for (let rest = dice.between(1, 2); rest > 0; rest--) writer.send(ipcompBytes(dice), "absent");
  return writer.flow;
}
