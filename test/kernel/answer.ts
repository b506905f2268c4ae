import type { Effects } from "../../src/evaluate/recording.ts";
import { type Address, parseAddress, printAddress } from "../../src/packet/address.ts";
import { fromHex, toHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";
import { ipv6Packet } from "./generate/ipv6/build.ts";
import { from, ipPacket } from "./generate/packet.ts";
import { macBytes, type Place } from "./generate/places.ts";
import { icmpBytes, tcpBytes, udpBytes } from "./generate/transport.ts";
import { natView } from "./nat-view.ts";
import type { Answer, Input, Reply, TcpAnswer, TcpSegment } from "./scenario.ts";
import { standardHost } from "./standard-host.ts";

const [fin, syn, ack] = [1, 2, 16] as const;

const icmpReply: Readonly<Record<number, number>> = { 8: 0, 13: 14, 15: 16, 17: 18 };
const icmpv6Reply: Readonly<Record<number, number>> = { 128: 129, 139: 140 };

/** What somebody got of a packet, and where he sits. */
interface Seen {
  readonly packet: Packet;
  readonly place: Pick<Place, "device" | "mac">;
}

/** The packet that a reply step stands for; `undefined` where the packet it answers reached nobody. */
export function answerTo(input: Input, effects: Effects, reply: Reply): Input | undefined {
  const seen = seenOutside(input, effects) ?? seenByHost(input, effects);
  if (!seen) return undefined;
  const { packet, place } = seen;
  const payload = payloadOf(packet, reply.answer);
  if (!payload) return undefined;
  const { answer, ttl, tos, id } = reply;
  const checksum =
    answer.kind === "tcp" ? answer.segment.checksum : answer.kind === "udp" ? answer.checksum : "right";
  const source = answer.kind === "icmp-error" && answer.from ? parseAddress(answer.from) : packet.destination;
  const destination = packet.source;
  if (typeof source === "bigint" && typeof destination === "bigint") {
    const protocol = answer.kind === "tcp" ? 6 : answer.kind === "udp" ? 17 : 58;
    const header = { source, destination, protocol, trafficClass: tos, hopLimit: ttl };
    return from(place, ipv6Packet({ ...header, payload }, checksum));
  }
  if (typeof source !== "number" || typeof destination !== "number") return undefined;
  const protocol = answer.kind === "tcp" ? 6 : answer.kind === "udp" ? 17 : 1;
  const header = { source, destination, protocol, ttl, tos, id, dontFragment: true };
  return from(place, ipPacket({ ...header, payload }, checksum));
}

const ipPacketOf = (input: Input): Packet =>
  new Packet("frame" in input ? fromHex(input.frame).slice(14) : fromHex(input.packet));

/** The frame that left because of the packet and is still the packet, not an answer that the host made. */
function seenOutside(input: Input, { emitted }: Effects): Seen | undefined {
  const sent = ipPacketOf(input);
  for (const [device, hex] of emitted) {
    const frame = fromHex(hex);
    const etherType = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
    if (etherType !== 0x0800 && etherType !== 0x86dd) continue;
    const packet = new Packet(frame.slice(14));
    if (!sameTransport(sent, packet)) continue;
    return { packet, place: { device, mac: frame.slice(0, 6) } };
  }
  return undefined;
}

/**
 * Same protocol, and the bytes that no NAT touches are the same: flags, length, ICMP type. A TCP segment may have grown or
 * moved by what a helper wrote.
 */
function sameTransport(a: Packet, b: Packet): boolean {
  if (a.protocol !== b.protocol) return false;
  if (a.protocol === 6) {
    const moved = (numberAt(a, 4) - numberAt(b, 4)) | 0;
    return Math.abs(moved) < 200 && a.transportByte(13) === b.transportByte(13);
  }
  if (a.transportLength !== b.transportLength) return false;
  const offsets = a.protocol === 17 ? [4, 5] : [0, 1];
  return offsets.every((offset) => a.transportByte(offset) === b.transportByte(offset));
}

/** The 32 bits at an offset of the transport header. */
const numberAt = (packet: Packet, offset: number): number =>
  ((packet.transportWord(offset) << 16) | packet.transportWord(offset + 2)) >>> 0;

const ownAddresses: ReadonlySet<Address | undefined> = new Set(
  standardHost.interfaces.flatMap(({ addresses }) =>
    addresses.map((text) => parseAddress(text.split("/")[0] ?? "")),
  ),
);

/** The packet as the host itself got it, after NAT. */
function seenByHost(input: Input, { conntrack }: Effects): Seen | undefined {
  const sent = ipPacketOf(input);
  const packet = natView(sent, conntrack);
  if (!ownAddresses.has(packet.destination)) return undefined;
  return { packet, place: { device: undefined, mac: macBytes("") } };
}

/** The segment that answers a packet of TCP's. */
function segmentOf(packet: Packet, { segment, follows, text }: TcpAnswer): TcpSegment {
  const data = text === undefined ? segment.data : toHex(latin1(spoken(text, packet.destination)));
  if (!follows) return { ...segment, data };
  const flags = packet.transportByte(13);
  const length = packet.transportLength - (packet.transportByte(12) >> 4) * 4;
  const next = numberAt(packet, 4) + length + (flags & syn ? 1 : 0) + (flags & fin ? 1 : 0);
  return {
    ...segment,
    data,
    sequence: flags & ack ? numberAt(packet, 8) : segment.sequence,
    acknowledgement: segment.flags & ack ? next >>> 0 : 0,
  };
}

/** A line of FTP's with the speaker's own address in it. */
function spoken(text: string, own: Address): string {
  const first = typeof own === "number" ? own : Number(own >> 96n);
  return text
    .replace("{host}", printAddress(first).replaceAll(".", ","))
    .replace("{eprt}", `${typeof own === "number" ? 1 : 2}|${printAddress(own)}`);
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function payloadOf(packet: Packet, answer: Answer): Uint8Array | undefined {
  const ports = [packet.transportWord(2), packet.transportWord(0)] as const;
  const type = packet.transportByte(0);
  switch (answer.kind) {
    case "tcp":
      if (packet.protocol !== 6 || ports[0] < 0) return undefined;
      return tcpBytes(...(answer.ports ?? ports), segmentOf(packet, answer));
    case "udp":
      return packet.protocol === 17 && ports[0] >= 0 ? udpBytes(...ports, fromHex(answer.data)) : undefined;
    case "icmp-reply": {
      const replies = packet.protocol === 1 ? icmpReply : packet.protocol === 58 ? icmpv6Reply : {};
      const replyType = replies[type];
      if (replyType === undefined || packet.transportLength < 8) return undefined;
      const payload = packet.bytes.slice(packet.transportOffset);
      payload.set([replyType, 0, 0, 0]);
      return payload;
    }
    case "icmp-error": {
      const quote = packet.bytes.slice(0, packet.transportOffset + answer.quoted);
      return icmpBytes(answer.type, answer.code, answer.rest, quote);
    }
  }
}
