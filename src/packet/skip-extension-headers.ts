import { extensionHeader, extensionHeaders, extensionLength } from "./extension-header.ts";

const { fragment, none } = extensionHeader;

/**
 * Where the transport header of an IPv6 packet would start and its protocol, as ipv6_skip_exthdr (net/ipv6/exthdrs_core.c)
 * finds it: it wants two bytes of each header and does not look whether the packet reaches behind it. `undefined` where
 * the chain is cut off or says that nothing follows. In later fragments the way ends at the fragment header, as if that
 * were the transport's.
 */
export function skipExtensionHeaders(
  bytes: Uint8Array,
): { readonly protocol: number; readonly offset: number } | undefined {
  let protocol = bytes[6] ?? none;
  let offset = 40;
  while (protocol === none || extensionHeaders.has(protocol)) {
    const next = bytes[offset];
    const length = bytes[offset + 1];
    if (protocol === none || next === undefined || length === undefined) return undefined;
    if (protocol === fragment) {
      const [high, low] = bytes.subarray(offset + 2, offset + 4);
      if (high === undefined || low === undefined) return undefined;
      if ((high << 8) + (low & 0xf8) !== 0) break;
    }
    offset += extensionLength(protocol, length);
    protocol = next;
  }
  return { protocol, offset };
}
