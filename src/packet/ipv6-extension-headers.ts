/** Where the chain of IPv6 extension headers (RFC 8200, 4) leads. */
export interface Transport {
  readonly protocol: number;
  readonly offset: number;
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
}

const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const destinationOptions = 60;

/**
 * Follows the extension headers to the transport header, as ipv6_find_hdr (net/ipv6/exthdrs_core.c) does:
 * in a later fragment the chain ends at the fragment header, whose next-header value is the protocol.
 */
export function findTransport(bytes: Uint8Array): Transport {
  let protocol = bytes[6] ?? 59;
  let offset = 40;
  let fragmentOffset = 0;
  let moreFragments = false;
  while (offset + 1 < bytes.length) {
    if (protocol === fragment) {
      const word = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
      fragmentOffset = word >>> 3;
      moreFragments = (word & 1) !== 0;
      protocol = bytes[offset]!;
      offset += 8;
      if (fragmentOffset !== 0) break;
    } else if (protocol === hopByHop || protocol === routing || protocol === destinationOptions) {
      protocol = bytes[offset]!;
      offset += (bytes[offset + 1]! + 1) * 8;
    } else if (protocol === authentication) {
      protocol = bytes[offset]!;
      offset += (bytes[offset + 1]! + 2) * 4;
    } else break;
  }
  return { protocol, offset, fragmentOffset, moreFragments };
}
