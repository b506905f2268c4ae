import type { Effect } from "../extensions/effect.ts";
import { jhash } from "../extensions/jhash.ts";
import { type Address, writeAddress } from "../packet/address.ts";
import { extensionHeader } from "../packet/extension-header.ts";
import { findFragmentHeader, findTransport } from "../packet/ipv6-extension-headers.ts";
import { Packet } from "../packet/packet.ts";

type HashMark = Extract<Effect, { kind: "hash-mark" }>;

/** struct hmark_tuple: masked addresses as 32 bits, ports as the hash wants them. */
interface HashTuple {
  readonly source: number;
  readonly destination: number;
  readonly ports: number;
  readonly protocol: number;
}

const nothing: HashTuple = { source: 0, destination: 0, ports: 0, protocol: 0 };
const icmp = 1;
const icmp6 = 58;
/** What has its ports, or its index, in the first four bytes (proto_ports_offset): TCP, UDP, DCCP, ESP, SCTP, UDP-Lite. */
const withPorts: ReadonlySet<number> = new Set([6, 17, 33, 50, 132, 136]);

/** hmark_tg_v4, hmark_tg_v6 (xt_HMARK.c): the new mark, `undefined` where the packet keeps its own. */
export function hashMark(packet: Packet, effect: HashMark): number | undefined {
  const tuple = effect.ofConnection ? ofConnection(packet, effect) : ofPacket(packet, effect);
  if (!tuple) return undefined;
  const { source, destination } = tuple;
  const ends = source < destination ? [source, destination] : [destination, source];
  const hash = jhash([...ends, tuple.ports], effect.seed) ^ (tuple.protocol & effect.protocolMask);
  // reciprocal_scale (kernel.h)
  const scaled = Number((BigInt(hash >>> 0) * BigInt(effect.modulus)) >> 32n);
  return (scaled + effect.offset) >>> 0;
}

/** The four words of an IPv6 address are added without carry. */
function maskedWord(address: Address, mask: Address): number {
  const size = typeof address === "number" ? 4 : 16;
  const masked = new Uint8Array(size);
  const bits = new Uint8Array(size);
  writeAddress(masked, 0, address);
  writeAddress(bits, 0, typeof address === "number" ? Number(mask) : BigInt(mask));
  let word = 0;
  for (let at = 0; at < size; at += 4) {
    for (let i = 0; i < 4; i++) word ^= (masked[at + i]! & bits[at + i]!) << (24 - 8 * i);
  }
  return word >>> 0;
}

/** hmark_swap_ports: the greater port comes first, so that both directions have one hash. */
function orderedPorts(ports: number, { portMask, portSet }: HashMark): number {
  const chosen = (ports & portMask) | portSet;
  const source = chosen >>> 16;
  const destination = chosen & 0xffff;
  return (destination > source ? (destination << 16) | source : (source << 16) | destination) >>> 0;
}

function ofConnection({ tracking }: Packet, effect: HashMark): HashTuple | undefined {
  if (tracking?.kind !== "tracked") return undefined;
  const { original, reply } = tracking.connection;
  const { protocol } = original;
  return {
    source: maskedWord(original.source, effect.source),
    destination: maskedWord(reply.source, effect.destination),
    ports: protocol === icmp ? 0 : orderedPorts((original.sourcePort << 16) | reply.sourcePort, effect),
    protocol,
  };
}

/** Of an ICMP error the packet that it is about counts. */
function ofPacket(packet: Packet, effect: HashMark): HashTuple | undefined {
  if (packet.family === "ipv4") return ofHeaders(quotedIn4(packet), effect);
  if (!findTransport(packet.bytes, true).sound) return nothing;
  const quoted = quotedIn6(packet);
  return quoted === "unreadable" ? undefined : ofHeaders(quoted, effect);
}

function quotedIn4(packet: Packet): Packet {
  const isError = [3, 4, 5, 11, 12].includes(packet.transportByte(0)) && packet.transportLength >= 8;
  if (packet.protocol !== icmp || !isError) return packet;
  return new Packet(packet.bytes.subarray(packet.transportOffset + 8));
}

function quotedIn6(packet: Packet): Packet | "unreadable" {
  const { protocol, offset } = findTransport(packet.bytes, true);
  if (findFragmentHeader(packet.bytes) || protocol !== icmp6) return packet;
  const type = packet.bytes[offset];
  if (offset + 8 > packet.bytes.length || type === undefined || type === 0 || type >= 128) return packet;
  const quoted = packet.bytes.subarray(offset + 8);
  if (quoted.length < 40 || quoted[0]! >> 4 !== 6 || !findTransport(quoted, true).sound) return "unreadable";
  return new Packet(quoted);
}

function ofHeaders(packet: Packet, effect: HashMark): HashTuple | undefined {
  const { bytes, family } = packet;
  if (bytes.length < 20) return undefined;
  const source = maskedWord(packet.source, effect.source);
  const destination = maskedWord(packet.destination, effect.destination);
  const last = family === "ipv4" ? undefined : findTransport(bytes, true);
  const protocol = last?.protocol ?? bytes[9]!;
  const isFragment = last ? findFragmentHeader(bytes) !== undefined : isFragment4(bytes);
  const start =
    (last?.offset ?? (bytes[0]! & 15) * 4) + (protocol === extensionHeader.authentication ? 4 : 0);
  const hasPorts =
    (withPorts.has(protocol) || protocol === extensionHeader.authentication) &&
    !isFragment &&
    start + 4 <= bytes.length;
  const ports = hasPorts
    ? orderedPorts(new DataView(bytes.buffer, bytes.byteOffset).getUint32(start), effect)
    : 0;
  return { source, destination, ports, protocol };
}

const isFragment4 = (bytes: Uint8Array): boolean => (((bytes[6]! << 8) | bytes[7]!) & 0x3fff) !== 0;
