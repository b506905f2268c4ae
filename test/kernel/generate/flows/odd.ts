import { setHeaderChecksum, setTransportChecksum } from "../../../../src/packet/checksum.ts";
import { buildFrame } from "../../../../src/packet/ethernet.ts";
import { toHex } from "../../../../src/packet/hex.ts";
import type { Dice } from "../dice.ts";
import { type Ends, type Flow, FlowWriter, makeEnds } from "../flow.ts";
import { ipPacket } from "../packet.ts";
import { elsewhere, hostMac, ipv4, macBytes, type Place } from "../places.ts";
import { tcpBytes, udpBytes } from "../transport.ts";

/** Packets that come with a Ethernet destination of their own. */
const toMany: readonly (readonly [address: string, mac: string])[] = [
  ["255.255.255.255", "ff:ff:ff:ff:ff:ff"],
  ["192.0.2.255", "ff:ff:ff:ff:ff:ff"],
  ["10.0.0.255", "ff:ff:ff:ff:ff:ff"],
  ["224.0.0.251", "01:00:5e:00:00:fb"],
  ["239.1.2.3", "01:00:5e:01:02:03"],
];

const datagram = (ends: Ends): Uint8Array =>
  udpBytes(ends.sourcePort, ends.destinationPort, new Uint8Array(6));

const packetOf = (ends: Ends, payload: Uint8Array): Uint8Array =>
  ipPacket({
    source: ends.client.address,
    destination: ends.server.address,
    protocol: ends.protocol,
    ttl: ends.ttl,
    id: 77,
    payload,
  });

/** A broadcast or multicast datagram. */
export function manyFlow(dice: Dice): Flow {
  const [address, mac] = dice.of(toMany);
  const client = elsewhere(dice);
  const ends: Ends = { ...makeEnds(dice, 17), client, server: { ...client, address: ipv4(address) } };
  const frame = buildFrame(macBytes(mac), client.mac, packetOf(ends, datagram(ends)));
  return { ends, steps: [{ in: client.device ?? "eth0", frame: toHex(frame) }] };
}

/** A frame for somebody else, or with padding behind the packet. */
export function frameFlow(dice: Dice): Flow {
  const client = elsewhere(dice);
  const device = client.device ?? "eth0";
  const ends: Ends = { ...makeEnds(dice, 17), client };
  const padded = dice.maybe(0.5);
  const destination = padded ? hostMac(device) : macBytes("02:00:00:00:77:77");
  const frame = toHex(buildFrame(destination, client.mac, packetOf(ends, datagram(ends))));
  return { ends, steps: [{ in: device, frame: padded ? frame + "00".repeat(9) : frame }] };
}

/** Source or destination that no router lets pass. */
export function martianFlow(dice: Dice): Flow {
  const base = makeEnds(dice, 17);
  const client = elsewhere(dice);
  const strange = (address: string, at: Place): Place => ({ ...at, address: ipv4(address) });
  const ends: Ends = dice.maybe(0.6)
    ? { ...base, client: strange(dice.of(["127.0.0.1", "224.0.0.5", "0.0.0.0", "192.0.2.1"]), client) }
    : { ...base, client, server: strange(dice.of(["127.0.0.1", "0.0.0.0", "240.0.0.1"]), base.server) };
  const writer = new FlowWriter(dice, ends);
  writer.send(datagram(ends));
  return writer.flow;
}

/** An IP header that is wrong, cut off, or has options. */
export function headerFlow(dice: Dice): Flow {
  const ends: Ends = { ...makeEnds(dice, 17), client: elsewhere(dice) };
  const writer = new FlowWriter(dice, ends);
  const whole = packetOf(ends, datagram(ends));
  const change = dice.weighed<() => Uint8Array>([
    [1, () => spoil(whole, 10, 0x55)],
    [1, () => whole.slice(0, 30)],
    [1, () => whole.slice(0, 12)],
    [0.5, () => spoil(whole, 0, 0x02)],
    // no operation and end of options; record route with room for one
    [2, () => withOptions(whole, [1, 1, 1, 0])],
    [1, () => withOptions(whole, [7, 7, 4, 0, 0, 0, 0, 0])],
  ]);
  writer.other(ends.client, change());
  return writer.flow;
}

function spoil(packet: Uint8Array, at: number, bits: number): Uint8Array {
  const changed = packet.slice();
  changed[at] = (changed[at] ?? 0) ^ bits;
  return changed;
}

function withOptions(packet: Uint8Array, options: readonly number[]): Uint8Array {
  const changed = Uint8Array.from([...packet.slice(0, 20), ...options, ...packet.slice(20)]);
  changed[0] = 0x40 | (5 + options.length / 4);
  changed[3] = changed.length;
  setHeaderChecksum(changed);
  setTransportChecksum(changed);
  return changed;
}

/** A TCP header that is cut off or lies about its length. */
export function brokenTcpFlow(dice: Dice): Flow {
  const ends = makeEnds(dice, 6);
  const writer = new FlowWriter(dice, ends);
  const segment = {
    flags: 2,
    sequence: 1000,
    acknowledgement: 0,
    window: 8192,
    options: "",
    data: "",
    checksum: "right",
  } as const;
  const bytes = tcpBytes(ends.sourcePort, ends.destinationPort, segment);
  const offset = (words: number) => {
    const changed = bytes.slice();
    changed[12] = words << 4;
    return changed;
  };
  writer.send(dice.of([bytes.slice(0, 14), bytes.slice(0, 4), offset(3), offset(15)]));
  return writer.flow;
}

/** Protocols that conntrack tells apart by addresses only. */
export function otherProtocolFlow(dice: Dice): Flow {
  const ends: Ends = { ...makeEnds(dice, dice.of([50, 51, 103, 253])), sourcePort: 0, destinationPort: 0 };
  const writer = new FlowWriter(dice, ends);
  for (let rest = dice.between(1, 3); rest > 0; rest--)
    writer.send(Uint8Array.from({ length: 24 }, (_, i) => i));
  return writer.flow;
}
