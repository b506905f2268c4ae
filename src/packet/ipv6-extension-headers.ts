import { extensionHeader, extensionHeaders, extensionLength, neededLength } from "./extension-header.ts";

/** Where the chain of IPv6 extension headers (RFC 8200, 4) leads. */
export interface Transport {
  /** Of an unsound chain, the header at which it breaks off. */
  readonly protocol: number;
  readonly offset: number;
  /** In units of 8 bytes. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  /** Whether the chain comes to an end: the packet is not cut off, and no later fragment begins with a further header. */
  readonly sound: boolean;
}

const { hopByHop, routing, fragment, authentication, none, destinationOptions } = extensionHeader;

/**
 * Follows the extension headers of the IPv6 packet at the start of `bytes` to the transport header, as ipv6_find_hdr
 * (net/ipv6/exthdrs_core.c) does: in a later fragment the chain ends at the fragment header, whose next-header value is
 * the protocol. `stopAtAuthentication`: an authentication header counts as the transport's, as it does to nft's `meta l4proto`.
 */
export function findTransport(bytes: Uint8Array, stopAtAuthentication = false): Transport {
  let protocol = bytes[6] ?? none;
  let offset = 40;
  let fragmentOffset = 0;
  let moreFragments = false;
  const end = (sound: boolean): Transport => ({ protocol, offset, fragmentOffset, moreFragments, sound });
  while (extensionHeaders.has(protocol)) {
    if (offset + neededLength(protocol) > bytes.length) return end(false);
    if (protocol === authentication && stopAtAuthentication) break;
    const header = offset;
    offset += extensionLength(protocol, bytes[header + 1]!);
    const isFragment = protocol === fragment;
    protocol = bytes[header]!;
    if (!isFragment) continue;
    const word = (bytes[header + 2]! << 8) | bytes[header + 3]!;
    fragmentOffset = word >>> 3;
    moreFragments = (word & 1) !== 0;
    if (fragmentOffset !== 0) return end(!extensionHeaders.has(protocol));
  }
  return end(true);
}

/** Where a fragment header stands, and where the byte is that names it. */
export interface FragmentHeader {
  readonly offset: number;
  readonly namedAt: number;
}

/** The fragment header in the chain at the start of an IPv6 packet; `undefined` where there is none. */
export function findFragmentHeader(bytes: Uint8Array): FragmentHeader | undefined {
  let header = bytes[6] ?? none;
  let namedAt = 6;
  let offset = 40;
  while (header !== fragment) {
    if (!extensionHeaders.has(header) || offset + 2 > bytes.length) return undefined;
    namedAt = offset;
    offset += extensionLength(header, bytes[offset + 1]!);
    header = bytes[namedAt]!;
  }
  return offset <= bytes.length ? { offset, namedAt } : undefined;
}

/**
 * Where a fragment header goes when a packet is cut: behind the hop-by-hop options, a routing header and the options
 * before it (ip6_find_1stfragopt).
 */
export function placeForFragmentHeader(bytes: Uint8Array): FragmentHeader {
  let namedAt = 6;
  let offset = 40;
  let hasRouting = false;
  while (offset + 2 <= bytes.length) {
    const header = bytes[namedAt]!;
    if (header === routing) hasRouting = true;
    else if (header !== hopByHop && (header !== destinationOptions || hasRouting)) break;
    namedAt = offset;
    offset += extensionLength(header, bytes[offset + 1]!);
  }
  return { offset, namedAt };
}
