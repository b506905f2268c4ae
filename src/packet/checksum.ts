import { Packet } from "./packet.ts";

/** Sums 16-bit words in network order with end-around carry (RFC 1071); an odd last byte counts as its word's upper half. */
export function sumWords(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  let sum = initial;
  for (let i = start; i + 1 < end; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  if ((end - start) % 2 === 1) sum += bytes[end - 1]! << 8;
  return fold(sum);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

const put = (bytes: Uint8Array, at: number, word: number): void => {
  bytes[at] = word >> 8;
  bytes[at + 1] = word;
};

/** Writes the IPv4 header checksum anew. */
export function setHeaderChecksum(bytes: Uint8Array): void {
  put(bytes, 10, 0);
  put(bytes, 10, ~sumWords(bytes, 0, (bytes[0]! & 15) * 4) & 0xffff);
}

/** Where a protocol keeps its checksum in the transport header. */
const checksumOffsets: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2, 136: 6 };

/** The sum over the pseudo-header (RFC 9293, 3.1; RFC 8200, 8.1). ICMP of IPv4 has none. */
export function pseudoHeaderSum(packet: Packet, protocol: number): number {
  if (protocol === 1) return 0;
  const { bytes, family, transportLength } = packet;
  const addresses = family === "ipv4" ? sumWords(bytes, 12, 20) : sumWords(bytes, 8, 40);
  return fold(addresses + protocol + transportLength);
}

/**
 * Whether the transport checksum holds, over all bytes that there are. UDP over IPv4 may leave it out; protocols without
 * a checksum that we know always pass.
 */
export function transportChecksumOk(packet: Packet): boolean {
  const { protocol, transportOffset: offset, bytes } = packet;
  const at = checksumOffsets[protocol];
  if (at === undefined) return true;
  if (protocol === 17 && packet.family === "ipv4" && packet.transportWord(6) === 0) return true;
  return sumWords(bytes, offset, bytes.length, pseudoHeaderSum(packet, protocol)) === 0xffff;
}

/** The sum of all that stands behind the IP header, with or without the pseudo-header; 0xffff where it comes out right. */
export const payloadSum = (packet: Packet, withPseudoHeader: boolean): number =>
  sumWords(
    packet.bytes,
    packet.transportOffset,
    packet.bytes.length,
    withPseudoHeader ? pseudoHeaderSum(packet, packet.protocol) : 0,
  );

/** Writes the transport checksum of an IP packet anew; packets without one that we know stay as they are. */
export function setTransportChecksum(bytes: Uint8Array): void {
  const packet = new Packet(bytes);
  const { protocol, transportOffset: offset } = packet;
  const field = checksumOffsets[protocol];
  if (field === undefined || offset + field + 1 >= bytes.length) return;
  const at = offset + field;
  put(bytes, at, 0);
  const sum = ~sumWords(bytes, offset, bytes.length, pseudoHeaderSum(packet, protocol)) & 0xffff;
  // zero would say "no checksum" (RFC 768)
  put(bytes, at, sum === 0 && (protocol === 17 || protocol === 136) ? 0xffff : sum);
}
