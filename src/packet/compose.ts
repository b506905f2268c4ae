import type { Address } from "./address.ts";
import { buildIpv4, buildIpv6 } from "./build.ts";
import { setTransportChecksum } from "./checksum.ts";
import { crc32c } from "./crc32c.ts";
import { furtherHeaders } from "./further-headers.ts";

/** What a packet shall be; everything else follows from it. Both addresses are of one family. */
export interface PacketSpec {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  readonly ttl: number;
  readonly tos: number;
  /** In units of 8 bytes: not 0 makes it a later fragment without a transport header (IPv4 only). */
  readonly fragmentOffset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Byte 13 of the TCP header. */
  readonly tcpFlags: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  /** The security parameters index of ESP and AH, the compression parameter index of IPComp. */
  readonly spi?: number;
  readonly data: Uint8Array;
}

const synBit = 2;
const ackBit = 16;

/** The packet's bytes, with right checksums but for DCCP, whose checksum Linux' filters do not look at. */
export function composePacketBytes(spec: PacketSpec): Uint8Array {
  const { source, destination, protocol, ttl, tos } = spec;
  const payload = spec.fragmentOffset === 0 ? transport(spec) : spec.data;
  if (typeof source === "bigint" && typeof destination === "bigint") {
    const bytes = buildIpv6({ source, destination, protocol, trafficClass: tos, hopLimit: ttl, payload });
    setTransportChecksum(bytes);
    return bytes;
  }
  const bytes = buildIpv4({
    source: Number(source),
    destination: Number(destination),
    protocol,
    tos,
    ttl,
    fragmentOffset: spec.fragmentOffset,
    payload,
  });
  if (spec.fragmentOffset === 0) setTransportChecksum(bytes);
  return bytes;
}

/** Bytes that the protocol's header takes, in the packets made here. */
export function transportHeaderLength(protocol: number, icmpType: number): number {
  switch (protocol) {
    case 6:
      return 20;
    case 1:
    case 58:
      return quotes(protocol, icmpType) ? 8 + quoteLength(protocol) : 8;
    case 17:
    case 136:
      return 8;
    default:
      return furtherHeaders[protocol]?.length ?? 0;
  }
}

function transport(spec: PacketSpec): Uint8Array {
  const { protocol, data, sourcePort, destinationPort } = spec;
  const header = new Uint8Array(transportHeaderLength(protocol, spec.icmpType));
  const view = new DataView(header.buffer);
  switch (protocol) {
    case 6:
      writeTcp(view, spec);
      break;
    case 17:
    case 136:
      view.setUint16(0, sourcePort);
      view.setUint16(2, destinationPort);
      view.setUint16(4, 8 + data.length);
      break;
    case 1:
    case 58:
      view.setUint8(0, spec.icmpType);
      view.setUint8(1, spec.icmpCode);
      if (quotes(protocol, spec.icmpType)) header.set(quoted(spec), 8);
      // id and sequence number of a request
      else view.setUint32(4, 0x00010001);
      break;
    default:
      furtherHeaders[protocol]?.write(view, spec);
  }
  const bytes = new Uint8Array(header.length + data.length);
  bytes.set(header);
  bytes.set(data, header.length);
  // little endian, unlike all else (RFC 9260, appendix A)
  if (protocol === 132) new DataView(bytes.buffer).setUint32(8, crc32c(bytes, 0, 8), true);
  return bytes;
}

/** Numbers as of a connection whose two sides both began at 1000: a SYN opens it, later segments stand behind the handshake. */
function writeTcp(view: DataView, { sourcePort, destinationPort, tcpFlags }: PacketSpec): void {
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint32(4, tcpFlags & synBit ? 1000 : 1001);
  view.setUint32(8, tcpFlags & ackBit ? 1001 : 0);
  view.setUint8(12, 5 << 4);
  view.setUint8(13, tcpFlags);
  view.setUint16(14, 64240);
}

const ipv4Errors: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** ICMP errors quote the packet that they are about (RFC 792; RFC 4443, 2.1). */
const quotes = (protocol: number, type: number): boolean =>
  protocol === 58 ? type < 128 : ipv4Errors.has(type);

const quoteLength = (protocol: number): number => (protocol === 58 ? 48 : 28);

/** A datagram of the error's receiver to its sender, as traceroute(8) would send one. */
function quoted({ source, destination }: PacketSpec): Uint8Array {
  return composePacketBytes({
    source: destination,
    destination: source,
    protocol: 17,
    ttl: 1,
    tos: 0,
    fragmentOffset: 0,
    sourcePort: 40000,
    destinationPort: 33434,
    tcpFlags: 0,
    icmpType: 0,
    icmpCode: 0,
    data: new Uint8Array(0),
  });
}
