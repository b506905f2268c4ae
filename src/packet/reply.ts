import { buildIpv4, buildIpv6 } from "./build.ts";
import { setTransportChecksum } from "./checksum.ts";
import { Packet } from "./packet.ts";

const icmpReplies: Readonly<Record<number, ReadonlyMap<number, number>>> = {
  1: new Map([
    [8, 0],
    [13, 14],
    [15, 16],
    [17, 18],
  ]),
  58: new Map([[128, 129]]),
};

const tcpFlag = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

/**
 * What the other side would answer to an IP packet: ends swapped, TTL 64. A SYN is answered by SYN+ACK, a FIN by FIN+ACK,
 * another TCP packet by ACK, with the numbers that fit; an ICMP request by its reply with the same data; UDP by an empty
 * datagram; other protocols by their own data. `undefined` for what nobody answers: a RST, an ICMP error, a fragment, a packet
 * whose header is cut off.
 */
export function replyTo(bytes: Uint8Array): Uint8Array | undefined {
  const packet = new Packet(bytes);
  if (packet.fragmentOffset > 0 || packet.moreFragments) return undefined;
  const { protocol } = packet;
  const payload = payloadFor(packet, protocol);
  if (payload === undefined) return undefined;
  const { source, destination } = packet;
  let reply: Uint8Array;
  if (typeof source === "number" && typeof destination === "number") {
    reply = buildIpv4({ source: destination, destination: source, protocol, tos: 0, ttl: 64, payload });
  } else if (typeof source === "bigint" && typeof destination === "bigint") {
    const ends = { source: destination, destination: source };
    reply = buildIpv6({ ...ends, protocol, trafficClass: 0, hopLimit: 64, payload });
  } else return undefined;
  setTransportChecksum(reply);
  return reply;
}

function payloadFor(packet: Packet, protocol: number): Uint8Array | undefined {
  switch (protocol) {
    case 6:
      return tcpAnswer(packet);
    case 17:
    case 136: {
      if (packet.transportLength < 8) return undefined;
      const ports = [packet.transportWord(2), packet.transportWord(0)] as const;
      return words(ports[0], ports[1], 8, 0);
    }
    case 1:
    case 58: {
      const type = icmpReplies[protocol]?.get(packet.transportByte(0));
      if (type === undefined || packet.transportLength < 8) return undefined;
      const payload = Uint8Array.from(packet.bytes.subarray(packet.transportOffset));
      payload[0] = type;
      return payload;
    }
    default:
      return packet.bytes.slice(packet.transportOffset);
  }
}

/** A TCP header of 20 bytes with a window of 64,240 bytes, no data. */
function tcpAnswer(packet: Packet): Uint8Array | undefined {
  const flags = packet.transportByte(13);
  if (packet.transportLength < 20 || flags < 0 || flags & tcpFlag.rst) return undefined;
  const dataLength = packet.transportLength - (packet.transportByte(12) >> 4) * 4;
  const taken = Math.max(0, dataLength) + (flags & tcpFlag.syn ? 1 : 0) + (flags & tcpFlag.fin ? 1 : 0);
  const theirs = packet.transportWord(4) * 65536 + packet.transportWord(6);
  const acknowledged = (theirs + taken) >>> 0;
  // the other side's first number is 1000; later ones are what this side has acknowledged
  const own = flags & tcpFlag.ack ? packet.transportWord(8) * 65536 + packet.transportWord(10) : 1000;
  const opens = (flags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn;
  const answer = tcpFlag.ack | (opens ? tcpFlag.syn : 0) | (flags & tcpFlag.fin);
  return words(
    packet.transportWord(2),
    packet.transportWord(0),
    own >>> 16,
    own & 0xffff,
    acknowledged >>> 16,
    acknowledged & 0xffff,
    (5 << 12) | answer,
    64240,
    0,
    0,
  );
}

/** 16-bit words in network order. */
function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint16(index * 2, value);
  return bytes;
}
