/** Next-header values of IPv6's extension headers, and of a header that nothing follows (RFC 8200, 4; RFC 4302; RFC 4303). */
export const extensionHeader = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  esp: 50,
  authentication: 51,
  none: 59,
  destinationOptions: 60,
} as const;

/** The headers that ipv6_find_hdr (net/ipv6/exthdrs_core.c) goes past. */
export const extensionHeaders: ReadonlySet<number> = new Set([
  extensionHeader.hopByHop,
  extensionHeader.routing,
  extensionHeader.fragment,
  extensionHeader.authentication,
  extensionHeader.destinationOptions,
]);

/** Bytes of an extension header that have to be there for it to go on (struct ipv6_opt_hdr, ipv6_rt_hdr, frag_hdr up to the offset). */
export const neededLength = (header: number): number =>
  header === extensionHeader.routing || header === extensionHeader.fragment ? 4 : 2;

/** Bytes of an extension header whose second byte is `lengthField`, reserved in a fragment header (ipv6_optlen, ipv6_authlen). */
export function extensionLength(header: number, lengthField: number): number {
  switch (header) {
    case extensionHeader.fragment:
      return 8;
    case extensionHeader.authentication:
      return (lengthField + 2) * 4;
    default:
      return (lengthField + 1) * 8;
  }
}
