import { type Family, printAddress } from "./address.ts";
import { Packet } from "./packet.ts";

/** The facts about an IP packet that people ask for. What the packet does not have is absent. */
export interface PacketSummary {
  readonly family: Family;
  /** Bytes of the IP packet. */
  readonly length: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** IPv4's TTL or IPv6's hop limit. */
  readonly ttl: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Names of the TCP flags that are set, lowest bit first. */
  readonly tcpFlags?: readonly string[];
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly icmpId?: number;
  /** Fragment offset in bytes. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
}

const withPorts = new Set([6, 17, 33, 132, 136]);
const tcpFlagNames = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
/** Echo and time stamp requests and replies: the ICMP types that carry an id (RFC 792, RFC 4443). */
const icmpTypesWithId = { 1: new Set([0, 8, 13, 14, 15, 16, 17, 18]), 58: new Set([128, 129]) };

/** Reads an IP packet; its header is known to be sound. */
export function summarise(bytes: Uint8Array): PacketSummary {
  const packet = new Packet(bytes);
  const { protocol, family } = packet;
  return {
    family,
    length: packet.length,
    source: printAddress(packet.source),
    destination: printAddress(packet.destination),
    protocol,
    ttl: bytes[family === "ipv4" ? 8 : 7] ?? 0,
    ...(packet.fragmentOffset === 0 ? transportOf(packet, protocol) : {}),
    ...(packet.fragmentOffset > 0 || packet.moreFragments
      ? { fragmentOffset: packet.fragmentOffset * 8, moreFragments: packet.moreFragments }
      : {}),
  };
}

/** The transport header's part, as far as the packet reaches. */
function transportOf(packet: Packet, protocol: number): Partial<PacketSummary> {
  if (withPorts.has(protocol) && packet.transportWord(2) >= 0) {
    const ports = { sourcePort: packet.transportWord(0), destinationPort: packet.transportWord(2) };
    const flags = packet.transportByte(13);
    if (protocol !== 6 || flags < 0) return ports;
    return { ...ports, tcpFlags: tcpFlagNames.filter((_, bit) => flags & (1 << bit)) };
  }
  if ((protocol === 1 || protocol === 58) && packet.transportByte(1) >= 0) {
    const icmpType = packet.transportByte(0);
    const typeAndCode = { icmpType, icmpCode: packet.transportByte(1) };
    const id = packet.transportWord(4);
    return icmpTypesWithId[protocol].has(icmpType) && id >= 0 ? { ...typeAndCode, icmpId: id } : typeAndCode;
  }
  return {};
}

const end = (address: string, port: number | undefined): string => {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
};

/** One end of a packet as people write it: `192.0.2.1:80`, `[2001:db8::1]:80`. */
export const sourceEnd = (summary: PacketSummary): string => end(summary.source, summary.sourcePort);
export const destinationEnd = (summary: PacketSummary): string =>
  end(summary.destination, summary.destinationPort);

/** What a rewrite changed of the packet's ends. */
export interface Rewrite {
  readonly end: "source" | "destination" | "ICMP id";
  readonly before: string;
  readonly after: string;
}

/** The ends in which two packets differ. Both are IP packets. */
export function rewrites(before: Uint8Array, after: Uint8Array): readonly Rewrite[] {
  const ends: readonly [Rewrite["end"], (summary: PacketSummary) => string][] = [
    ["source", sourceEnd],
    ["destination", destinationEnd],
    ["ICMP id", (summary) => String(summary.icmpId ?? "")],
  ];
  const from = summarise(before);
  const to = summarise(after);
  return ends
    .map(([end, read]) => ({ end, before: read(from), after: read(to) }))
    .filter((change) => change.before !== change.after);
}
