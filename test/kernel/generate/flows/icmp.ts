import { fromHex } from "../../../../src/packet/hex.ts";
import type { Dice } from "../dice.ts";
import { type Ends, type Flow, FlowWriter, makeEnds, someData } from "../flow.ts";
import { ipPacket } from "../packet.ts";
import { icmpBytes, udpBytes } from "../transport.ts";
import { someIcmpError } from "./icmp-error.ts";

/** Echo and other requests, their replies, replies to nothing. */
export function icmpFlow(dice: Dice): Flow {
  const type = dice.weighed([
    [10, 8],
    [2, 13],
    [1, 17],
    [0.5, 15],
    [1, 0],
    [0.3, 14],
    [0.3, 9],
    [0.3, 42],
  ]);
  const ends: Ends = { ...makeEnds(dice, 1), sourcePort: type, destinationPort: 0 };
  const writer = new FlowWriter(dice, ends);
  const id = dice.between(1, 65535);
  const data = type === 13 ? "000000010000000000000000" : someData(dice);
  for (let sequence = 1, last = dice.between(1, 3); sequence <= last; sequence++) {
    const checksum = dice.maybe(0.08) ? "wrong" : "right";
    writer.send(icmpBytes(type, 0, id * 65536 + sequence, fromHex(data)), checksum);
    if (dice.maybe(0.7)) writer.answer({ kind: "icmp-reply" });
    if (dice.maybe(0.12)) writer.error(dice.of(["client", "server"] as const), someIcmpError(dice));
    // the same reply again
    if (dice.maybe(0.1)) writer.answer({ kind: "icmp-reply" });
  }
  return writer.flow;
}

/** An ICMP error that quotes a packet which nobody sent, or hardly anything. */
export function strayErrorFlow(dice: Dice): Flow {
  const quotedEnds = makeEnds(dice, 17);
  const ends: Ends = { ...makeEnds(dice, 1), sourcePort: 3, destinationPort: 0 };
  const writer = new FlowWriter(dice, ends);
  const quoted = ipPacket({
    source: ends.server.address,
    destination: dice.maybe(0.5) ? ends.client.address : quotedEnds.server.address,
    protocol: dice.of([17, 6, 1, 50]),
    ttl: 60,
    id: dice.between(1, 65535),
    payload: udpBytes(quotedEnds.sourcePort, quotedEnds.destinationPort, new Uint8Array(4)),
  });
  const error = someIcmpError(dice);
  if (error.kind !== "icmp-error") return writer.flow;
  const length = dice.weighed([
    [5, 28],
    [1.5, 20],
    [1.5, 12],
    [1, 0],
  ]);
  writer.send(icmpBytes(error.type, error.code, error.rest, quoted.slice(0, length)));
  return writer.flow;
}
