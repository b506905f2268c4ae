import type { Packet } from "../packet/packet.ts";

const authentication = 51;
const fragment = 44;
const extensionHeaders = new Set([0, 43, 60, fragment]);

/** An IPv6 authentication header (RFC 4302). */
export interface AuthenticationHeader {
  readonly spi: number;
  /** Bytes of the whole header, as its length field tells. */
  readonly length: number;
  readonly reserved: number;
}

/**
 * Looks for the authentication header among an IPv6 packet's extension headers, as ipv6_find_hdr does: `undefined` where
 * there is none, which holds for later fragments, too.
 */
export function findAuthentication({ bytes }: Packet): AuthenticationHeader | "malformed" | undefined {
  let protocol = bytes[6];
  let at = 40;
  while (protocol !== authentication) {
    if (protocol === undefined || !extensionHeaders.has(protocol)) return undefined;
    if (at + 8 > bytes.length) return "malformed";
    const isFragment = protocol === fragment;
    if (isFragment && (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 3 !== 0) return undefined;
    protocol = bytes[at];
    at += isFragment ? 8 : ((bytes[at + 1] ?? 0) + 1) * 8;
  }
  if (at + 12 > bytes.length) return "malformed";
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  return { spi: view.getUint32(4), length: (view.getUint8(1) + 2) * 4, reserved: view.getUint16(2) };
}
