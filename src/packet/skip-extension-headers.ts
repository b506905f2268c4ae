const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const noNextHeader = 59;
const destinationOptions = 60;

const skipped: ReadonlySet<number> = new Set([
  hopByHop,
  routing,
  fragment,
  authentication,
  noNextHeader,
  destinationOptions,
]);

/**
 * Where the transport header of an IPv6 packet would start and its protocol, as ipv6_skip_exthdr (net/ipv6/exthdrs_core.c)
 * finds it: it wants two bytes of each header and does not look whether the packet reaches behind it. `undefined` where
 * the chain is cut off or says that nothing follows, and for later fragments.
 */
export function skipExtensionHeaders(
  bytes: Uint8Array,
): { readonly protocol: number; readonly offset: number } | undefined {
  let protocol = bytes[6] ?? noNextHeader;
  let offset = 40;
  while (skipped.has(protocol)) {
    const next = bytes[offset];
    const length = bytes[offset + 1];
    if (protocol === noNextHeader || next === undefined || length === undefined) return undefined;
    if (protocol === fragment) {
      const [high, low] = bytes.subarray(offset + 2, offset + 4);
      if (high === undefined || low === undefined || (high << 8) + (low & 0xf8) !== 0) return undefined;
      offset += 8;
    } else {
      offset += protocol === authentication ? (length + 2) * 4 : (length + 1) * 8;
    }
    protocol = next;
  }
  return { protocol, offset };
}
