import { extensionHeader } from "../packet/extension-header.ts";
import { placeForFragmentHeader } from "../packet/ipv6-extension-headers.ts";
import type { Packet } from "../packet/packet.ts";
import type { Journey } from "./journey.ts";
import type { Reassembled } from "./reassembly.ts";

/** The least MTU of IPv6 (RFC 8200, 5). */
export const leastMtu = 1280;

const fragmentHeaderLength = 8;

/** How the pieces came that conntrack put together. */
export interface Cut extends Pick<Reassembled, "pieces" | "largest"> {
  /** They came from a raw socket, which leaves room before each for as many headers as it had. */
  readonly local: boolean;
}

/**
 * Cuts a datagram that conntrack put together as ip6_fragment (net/ipv6/ip6_output.c) does: into the pieces that it came
 * in where they still fit, else anew, and never into larger ones. One that is no longer than its longest piece was goes
 * in one. `isLinear`: it no longer knows its pieces, and is cut anew, be it into one.
 */
export function fragments6(
  packet: Packet,
  { pieces, largest, local }: Cut,
  { identification, isLinear = false }: { identification: number; isLinear?: boolean },
): readonly Uint8Array[] {
  if (packet.length <= largest) return [packet.bytes];
  const { offset: headerLength, namedAt } = placeForFragmentHeader(packet.bytes);
  const room = Math.max(largest, leastMtu) - headerLength - fragmentHeaderLength;
  const payload = packet.bytes.subarray(headerLength);
  // options that stood in the first piece may now stand before the fragment header of all
  const moved = pieces.reduce((sum, length) => sum + length, 0) - payload.length;
  const lengths = pieces.map((length, index) => (index === 0 ? length - moved : length));
  const hasRoom = !local || moved === 0;
  const fits =
    !isLinear &&
    lengths.every(
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
    new DataView(bytes.buffer).setUint32(headerLength + 4, identification);
    bytes[namedAt] = extensionHeader.fragment;
    bytes.set(payload.subarray(offset, offset + length), headerLength + fragmentHeaderLength);
    bytes[4] = (bytes.length - 40) >> 8;
    bytes[5] = bytes.length - 40;
    offset += length;
    return bytes;
  });
}

/** The fragments that the journey's packet leaves in; their identification is drawn, and never 0 (ipv6_select_ident). */
export function fragmentsOf6({ packet, cut, isLinear, environment }: Journey): readonly Uint8Array[] {
  if (!cut) return [packet.bytes];
  const identification = 1 + Math.floor(environment.world.random() * 0xffffffff);
  return fragments6(packet, cut, { identification, isLinear });
}

function evenLengths(total: number, room: number): readonly number[] {
  const lengths: number[] = [];
  for (let left = total; left > 0; left -= lengths[lengths.length - 1]!) {
    lengths.push(left > room ? room & ~7 : left);
  }
  return lengths;
}
