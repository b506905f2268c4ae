import { fromHex } from "../../../../src/packet/hex.ts";
import type { Dice } from "../dice.ts";
import { type Ends, type Flow, type FlowRule, FlowWriter, makeEnds, someData } from "../flow.ts";
import { ipPacket } from "../packet.ts";
import { neighbours, type Place } from "../places.ts";
import { icmpBytes, tcpBytes, udpBytes } from "../transport.ts";
import { Dialogue } from "./dialogue.ts";

/** Two flows with the same tuple from two interfaces, told apart by conntrack zones. */
export function zoneFlow(dice: Dice): Flow {
  const protocol = dice.of([17, 6, 1]);
  const base = makeEnds(dice, protocol);
  const client = base.client.device === undefined ? dice.of(neighbours) : base.client;
  const ends: Ends = {
    ...base,
    client,
    ttl: 64,
    ...(protocol === 1 ? { sourcePort: 8, destinationPort: 0 } : {}),
  };
  const elsewhere = dice.of(neighbours.filter(({ device }) => device !== client.device));
  const twin: Place = { ...elsewhere, address: client.address };
  const writer = new FlowWriter(dice, ends);
  const packet = (payload: Uint8Array) =>
    ipPacket({
      source: client.address,
      destination: ends.server.address,
      protocol,
      ttl: ends.ttl,
      id: dice.between(1, 60000),
      payload,
    });
  if (protocol === 6) {
    const open = (place: Place) => () =>
      new Dialogue(writer, dice, (segment) =>
        writer.other(place, packet(tcpBytes(ends.sourcePort, ends.destinationPort, segment))),
      );
    const talks = dice.shuffled([open(client), open(twin)]).map((start) => start());
    for (const talk of dice.shuffled(talks)) talk.shakeHands();
    for (const talk of talks) if (dice.maybe(0.5)) talk.text("opener", "GET /");
  } else {
    const id = dice.between(1, 65535) * 65536;
    for (let rest = dice.between(2, 4); rest > 0; rest--) {
      const payload =
        protocol === 17
          ? udpBytes(ends.sourcePort, ends.destinationPort, fromHex(someData(dice)))
          : icmpBytes(8, 0, id + rest, new Uint8Array(8));
      const at = writer.other(rest % 2 === 0 ? client : twin, packet(payload));
      if (dice.maybe(0.6))
        writer.reply(
          at,
          protocol === 17 ? { kind: "udp", data: "6f6b", checksum: "right" } : { kind: "icmp-reply" },
        );
    }
  }
  return { ...writer.flow, rules: rulesFor(dice, ends, twin) };
}

function rulesFor(dice: Dice, { client, server }: Ends, twin: Place): FlowRule[] {
  const id = dice.of([1, 2, 65535]);
  const raw = (chain: "PREROUTING" | "OUTPUT", text: string): FlowRule => ({ table: "raw", chain, text });
  const from = `-i ${twin.device}`;
  const back =
    server.device === undefined
      ? raw("OUTPUT", `-j CT --zone ${id}`)
      : raw("PREROUTING", `-i ${server.device} -j CT --zone ${id}`);
  const replies = server.device === undefined ? raw("OUTPUT", "") : raw("PREROUTING", `-i ${server.device} `);
  return dice.weighed<() => FlowRule[]>([
    [3, () => [raw("PREROUTING", `${from} -j CT --zone ${id}`)]],
    [3, () => [raw("PREROUTING", `${from} -j CT --zone ${id}`), back]],
    [2, () => [raw("PREROUTING", `${from} -j CT --zone-orig ${id}`)]],
    [
      1,
      () => [
        raw("PREROUTING", `-i ${client.device} -j CT --zone-orig ${id}`),
        raw("PREROUTING", `${from} -j CT --zone-orig 9`),
      ],
    ],
    [
      1,
      () => [
        raw("PREROUTING", `${from} -j CT --zone-reply ${id}`),
        { ...replies, text: `${replies.text}-j CT --zone-reply ${id}` },
      ],
    ],
    [2, () => [raw("PREROUTING", `${from} -j MARK --set-mark 5`), raw("PREROUTING", "-j CT --zone mark")]],
    [
      1,
      () => [
        raw("PREROUTING", `${from} -j CT --zone ${id}`),
        { table: "nat", chain: "POSTROUTING", text: "-j MASQUERADE" },
      ],
    ],
  ])();
}
