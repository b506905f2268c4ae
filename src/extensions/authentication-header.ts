import { extensionHeader, extensionLength } from "../packet/extension-header.ts";
import { findHeader } from "../packet/find-header.ts";
import type { Packet } from "../packet/packet.ts";

/** An IPv6 authentication header (RFC 4302). */
export interface AuthenticationHeader {
  readonly spi: number;
  /** Bytes of the whole header, as its length field tells. */
  readonly length: number;
  readonly reserved: number;
}

/** The authentication header among an IPv6 packet's extension headers; `undefined` where there is none. */
export function findAuthentication({ bytes }: Packet): AuthenticationHeader | "malformed" | undefined {
  const at = findHeader(bytes, extensionHeader.authentication);
  if (at === "absent") return undefined;
  if (at === "malformed" || at + 12 > bytes.length) return "malformed";
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const length = extensionLength(extensionHeader.authentication, view.getUint8(1));
  // Linux 6.18 drops a packet that ends before the header does, too
  if (at + length > bytes.length) return "malformed";
  return { spi: view.getUint32(4), length, reserved: view.getUint16(2) };
}
