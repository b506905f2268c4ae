import { placeForFragmentHeader } from "../packet/ipv6-extension-headers.ts";
import type { Packet } from "../packet/packet.ts";

/** The least MTU of IPv6 (RFC 8200, 5). */
export const leastMtu = 1280;

const fragmentHeaderLength = 8;

/** How the pieces came that conntrack put together. */
export interface Cut {
  /** Payload bytes of each piece, in order. */
  readonly pieces: readonly number[];
  /** Bytes of the longest one with its headers. */
  readonly largest: number;
  /** They came from a raw socket, which leaves room before each for as many headers as it had. */
  readonly local: boolean;
}

/**
 * Cuts a datagram that conntrack put together as ip6_fragment (net/ipv6/ip6_output.c) does: into the pieces that it came
 * in where they still fit, else anew, and never into larger ones. One that is no longer than its longest piece was goes
 * in one. The identification is a new one.
 */
export function fragments6(packet: Packet, { pieces, largest, local }: Cut): readonly Uint8Array[] {
  if (packet.length <= largest) return [packet.bytes];
  const { offset: headerLength, namedAt } = placeForFragmentHeader(packet.bytes);
  const room = Math.max(largest, leastMtu) - headerLength - fragmentHeaderLength;
  const payload = packet.bytes.subarray(headerLength);
  // options that stood in the first piece may now stand before the fragment header of all
  const moved = pieces.reduce((sum, length) => sum + length, 0) - payload.length;
  const lengths = pieces.map((length, index) => (index === 0 ? length - moved : length));
  const hasRoom = !local || moved === 0;
  const fits = lengths.every(
    (length, index) =>
      length > 0 && length <= room && (length % 8 === 0 || (index > 0 && index === lengths.length - 1)),
  );
  const chosen = fits && hasRoom ? lengths : evenLengths(payload.length, room);
  let offset = 0;
  return chosen.map((length, index) => {
    const bytes = new Uint8Array(headerLength + fragmentHeaderLength + length);
    bytes.set(packet.bytes.subarray(0, headerLength));
    const word = offset | (index < chosen.length - 1 ? 1 : 0);
    bytes.set([packet.bytes[namedAt]!, 0, word >> 8, word & 255], headerLength);
    bytes[namedAt] = 44;
    bytes.set(payload.subarray(offset, offset + length), headerLength + fragmentHeaderLength);
    bytes[4] = (bytes.length - 40) >> 8;
    bytes[5] = bytes.length - 40;
    offset += length;
    return bytes;
  });
}

function evenLengths(total: number, room: number): readonly number[] {
  const lengths: number[] = [];
  for (let left = total; left > 0; left -= lengths[lengths.length - 1]!) {
    lengths.push(left > room ? room & ~7 : left);
  }
  return lengths;
}
