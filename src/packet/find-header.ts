import { extensionHeader, extensionLength } from "./extension-header.ts";

const { hopByHop, routing, fragment, authentication, none, destinationOptions } = extensionHeader;

const skipped: ReadonlySet<number> = new Set([
  hopByHop,
  routing,
  fragment,
  authentication,
  destinationOptions,
]);

/**
 * Where the first extension header of this kind starts in an IPv6 packet, as ipv6_find_hdr (net/ipv6/exthdrs_core.c) looks
 * for it: "absent" where the chain ends without one or goes on in another fragment, "malformed" where it is cut off.
 */
export function findHeader(bytes: Uint8Array, kind: number): number | "absent" | "malformed" {
  let header = bytes[6] ?? none;
  let at = 40;
  for (;;) {
    if (!skipped.has(header)) return header === kind ? at : "absent";
    const needed = header === routing || header === fragment ? 4 : 2;
    if (at + needed > bytes.length) return "malformed";
    if (header === kind) return at;
    if (header === fragment && ((bytes[at + 2]! << 8) | (bytes[at + 3]! & 0xf8)) !== 0) return "absent";
    const next = bytes[at]!;
    at += extensionLength(header, bytes[at + 1]!);
    header = next;
  }
}
