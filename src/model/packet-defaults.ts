import { type Address, type Family, parseAddress, printAddress } from "../packet/address.ts";
import { composePacketBytes, transportHeaderLength } from "../packet/compose.ts";
import type { Told } from "../packet/told.ts";
import type { PacketCtState, PacketWish } from "./packet-options.ts";

/** A packet made from words, and how it reaches the host. */
export interface WordedPacket {
  /** The IP packet. */
  readonly bytes: Uint8Array;
  readonly family: Family;
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
  readonly macSource: Uint8Array | undefined;
  readonly mark: number;
  readonly ctState: PacketCtState | undefined;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly told: Told;
  /** What the words left open and got a usual value, for people: `source 198.51.100.7`. */
  readonly defaults: readonly string[];
}

const must = (text: string): Address => parseAddress(text) ?? 0;

/** Documentation addresses (RFC 5737, RFC 3849): the host's own and somebody else's. */
const usual = {
  ipv4: { host: must("192.0.2.1"), other: must("198.51.100.7") },
  ipv6: { host: must("2001:db8::1"), other: must("2001:db8:ffff::7") },
} as const;

const tcp = 6;
const hasPorts: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
/** Parameters indices of ESP, AH and IPComp: the first one that is free to use (RFC 4303, 2.1), and DEFLATE (RFC 2394). */
const usualSpi: Readonly<Record<number, number>> = { 50: 256, 51: 256, 108: 2 };
const synFlag = 2;
const ackFlag = 16;

/** Fills what a wish leaves open; a text says why there is no such packet. */
export function fulfil(wish: PacketWish, family: Family): WordedPacket | string {
  const defaults: string[] = [];
  const orElse = <V>(given: V | undefined, fallback: V, told: string): V => {
    if (given !== undefined) return given;
    defaults.push(told);
    return fallback;
  };
  if (wish.fragment && family === "ipv6") return "-f is an option of IPv4";
  const sent = wish.inDevice === undefined && wish.outDevice !== undefined;
  const { host, other } = usual[family];
  const [from, to] = sent ? [host, other] : [other, host];
  const source = orElse(wish.source, from, `source ${printAddress(from)}`);
  const destination = orElse(wish.destination, to, `destination ${printAddress(to)}`);
  const protocol = orElse(wish.protocol, tcp, "protocol tcp");
  const ports = hasPorts.has(protocol) && !wish.fragment;
  const echo = { type: family === "ipv4" ? 8 : 128, code: 0 };
  const isIcmp = (protocol === 1 || protocol === 58) && !wish.fragment;
  const icmp = isIcmp ? orElse(wish.icmp, echo, "ICMP echo request") : echo;
  const usualIndex = wish.fragment ? undefined : usualSpi[protocol];
  const spec = {
    source,
    destination,
    protocol,
    ttl: wish.ttl ?? 64,
    tos: wish.tos ?? 0,
    // behind the first 1480 bytes, as on Ethernet
    fragmentOffset: wish.fragment ? 185 : 0,
    sourcePort: ports ? orElse(wish.sourcePort, 40000, "source port 40000") : 0,
    destinationPort: ports ? orElse(wish.destinationPort, 80, "destination port 80") : 0,
    tcpFlags: protocol === tcp && !wish.fragment ? tcpFlagsOf(wish, orElse) : 0,
    icmpType: icmp.type,
    icmpCode: icmp.code,
    ...(usualIndex === undefined ? {} : { spi: orElse(wish.spi, usualIndex, `SPI ${usualIndex}`) }),
  };
  const data = dataOf(wish, family, transportHeaderLength(protocol, icmp.type));
  if (typeof data === "string") return data;
  const owned = wish.uid !== undefined || wish.gid !== undefined;
  return {
    bytes: composePacketBytes({ ...spec, data }),
    family,
    inDevice: wish.inDevice,
    outDevice: wish.outDevice,
    macSource: wish.macSource,
    mark: wish.mark ?? 0,
    ctState: wish.ctState,
    owner: owned ? { uid: wish.uid ?? 0, gid: wish.gid ?? 0 } : undefined,
    told: toldBy(wish),
    defaults,
  };
}

/** The part of a wish that no byte of the packet shows. */
function toldBy(wish: PacketWish): Told {
  const { cpu, cgroup, cgroupPath, socket, bridgeIn, bridgeOut, ipsec, genre } = wish;
  const all = { cpu, cgroup, cgroupPath, socket, bridgeIn, bridgeOut, ipsec, genre };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function tcpFlagsOf(
  wish: PacketWish,
  orElse: (given: number | undefined, fallback: number, told: string) => number,
) {
  const within = wish.ctState === "ESTABLISHED";
  return orElse(wish.tcpFlags, within ? ackFlag : synFlag, within ? "TCP flag ACK" : "TCP flag SYN");
}

/** The data behind the transport header, padded with zeros to `--length`. */
function dataOf(wish: PacketWish, family: Family, transportLength: number): Uint8Array | string {
  const header = (family === "ipv4" ? 20 : 40) + (wish.fragment ? 0 : transportLength);
  const data = wish.data ?? new Uint8Array(0);
  if (wish.length === undefined) return wish.fragment && data.length === 0 ? new Uint8Array(8) : data;
  const room = wish.length - header;
  if (room < data.length) {
    return `--length ${wish.length}: headers and data of this packet have ${header + data.length} bytes`;
  }
  const padded = new Uint8Array(room);
  padded.set(data);
  return padded;
}
