import { findTransport, type Transport } from "../packet/ipv6-extension-headers.ts";

/** Of the IP packet at `packetAt`: its protocol, where from the packet's start the transport header stands, and the piece that it is. */
export function transportOf(
  bytes: Uint8Array,
  packetAt = 0,
): Pick<Transport, "protocol" | "offset" | "fragmentOffset"> {
  if (bytes[packetAt]! >>> 4 === 6) {
    return findTransport(packetAt === 0 ? bytes : bytes.subarray(packetAt));
  }
  return {
    protocol: bytes[packetAt + 9]!,
    offset: (bytes[packetAt]! & 15) * 4,
    fragmentOffset: ((bytes[packetAt + 6]! & 0x1f) << 8) | bytes[packetAt + 7]!,
  };
}
