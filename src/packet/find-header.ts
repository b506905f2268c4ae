const authentication = 51;
const fragment = 44;
const routing = 43;
const extensionHeaders: ReadonlySet<number> = new Set([0, routing, fragment, authentication, 60]);

/**
 * Where the first extension header of this kind starts in an IPv6 packet, as ipv6_find_hdr (net/ipv6/exthdrs_core.c) looks
 * for it: "absent" where the chain ends without one or goes on in another fragment, "malformed" where it is cut off.
 */
export function findHeader(bytes: Uint8Array, kind: number): number | "absent" | "malformed" {
  let header = bytes[6] ?? 59;
  let at = 40;
  for (;;) {
    if (!extensionHeaders.has(header)) return header === kind ? at : "absent";
    const needed = header === routing || header === fragment ? 4 : 2;
    if (at + needed > bytes.length) return "malformed";
    if (header === kind) return at;
    const next = bytes[at]!;
    if (header === fragment) {
      if (((bytes[at + 2]! << 8) | (bytes[at + 3]! & 0xf8)) !== 0) return "absent";
      at += 8;
    } else {
      at += header === authentication ? (bytes[at + 1]! + 2) * 4 : (bytes[at + 1]! + 1) * 8;
    }
    header = next;
  }
}
