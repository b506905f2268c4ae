import { fromHex } from "../../../../src/packet/hex.ts";
import type { Dice } from "../dice.ts";
import { type Flow, FlowWriter, makeEnds, someData } from "../flow.ts";
import { udpBytes } from "../transport.ts";
import { someIcmpError } from "./icmp-error.ts";

/** A UDP flow: one way, answered, or a stream, with faults and errors now and then. */
export function udpFlow(dice: Dice): Flow {
  const ends = makeEnds(dice, 17);
  const writer = new FlowWriter(dice, ends);
  const checksum = () =>
    dice.weighed([
      [10, "right"],
      [1, "absent"],
      [0.7, "wrong"],
    ] as const);
  const ask = () =>
    writer.send(udpBytes(ends.sourcePort, ends.destinationPort, fromHex(someData(dice))), checksum());
  const answer = () => writer.answer({ kind: "udp", data: someData(dice), checksum: checksum() });
  ask();
  for (
    let rest = dice.weighed([
      [3, 0],
      [4, 1],
      [4, 3],
      [2, 6],
    ] as const);
    rest > 0;
    rest--
  ) {
    dice.weighed([
      [4, answer],
      [3, ask],
      [0.8, () => writer.error(dice.of(["client", "server"] as const), someIcmpError(dice))],
      // no data at all; a header that is cut off
      [0.4, () => writer.send(udpBytes(ends.sourcePort, ends.destinationPort, new Uint8Array()))],
      [0.3, () => writer.send(udpBytes(ends.sourcePort, ends.destinationPort, new Uint8Array()).slice(0, 6))],
    ])();
  }
  return writer.flow;
}
