import { extensionHeader, extensionHeaders, extensionLength, neededLength } from "./extension-header.ts";

const { fragment, none } = extensionHeader;

/**
 * Where the first extension header of this kind starts in an IPv6 packet, as ipv6_find_hdr (net/ipv6/exthdrs_core.c) looks
 * for it: "absent" where the chain ends without one or goes on in another fragment, "malformed" where it is cut off.
 */
export function findHeader(bytes: Uint8Array, kind: number): number | "absent" | "malformed" {
  let header = bytes[6] ?? none;
  let at = 40;
  for (;;) {
    if (!extensionHeaders.has(header)) return header === kind ? at : "absent";
    if (at + neededLength(header) > bytes.length) return "malformed";
    if (header === kind) return at;
    if (header === fragment && ((bytes[at + 2]! << 8) | (bytes[at + 3]! & 0xf8)) !== 0) return "absent";
    const next = bytes[at]!;
    at += extensionLength(header, bytes[at + 1]!);
    header = next;
  }
}
