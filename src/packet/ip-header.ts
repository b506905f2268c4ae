import { sumWords } from "./checksum.ts";
import { extensionHeader } from "./extension-header.ts";

export type HeaderCheck =
  /** `length`: bytes of the IP packet, without what follows it. */
  | { readonly ok: true; readonly version: 4 | 6; readonly length: number }
  | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): HeaderCheck => ({ ok: false, reason });

/**
 * What ip_rcv_core and ip6_rcv_core check before the first hook, of a packet that starts at `start` and may have padding
 * behind it. The reason names what is wrong.
 */
export function checkIpHeader(bytes: Uint8Array, start = 0): HeaderCheck {
  const first = bytes[start] ?? 0;
  const version = first >> 4;
  if (version === 6) return checkIpv6(bytes, start);
  if (version !== 4) return refuse(`IP version ${version}`);
  const headerLength = (first & 15) * 4;
  const left = bytes.length - start;
  if (headerLength < 20) return refuse("the IP header length is less than 20 bytes");
  if (left < headerLength) return refuse("the packet ends inside the IP header");
  if (sumWords(bytes, start, start + headerLength) !== 0xffff) {
    return refuse("the IP header checksum is wrong");
  }
  const length = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  if (length > left) return refuse("the packet is shorter than its IP length");
  if (length < headerLength) return refuse("the IP length is less than the header");
  return { ok: true, version: 4, length };
}

function checkIpv6(bytes: Uint8Array, start: number): HeaderCheck {
  const left = bytes.length - start;
  if (left < 40) return refuse("the packet ends inside the IPv6 header");
  const payload = (bytes[start + 4]! << 8) | bytes[start + 5]!;
  if (payload + 40 > left) return refuse("the packet is shorter than its payload length");
  const hasHopByHop = bytes[start + 6] === extensionHeader.hopByHop;
  // with hop-by-hop options a length of 0 means that an option has it (RFC 2675)
  const length = payload === 0 && hasHopByHop ? left : payload + 40;
  return { ok: true, version: 6, length };
}

/**
 * What ip6_rcv_core asks of a packet's addresses; the header is sound. What the host sent itself and gets back may have
 * addresses that are not for the wire.
 */
export function receivedAddressFault(bytes: Uint8Array, comesBack = false): string | undefined {
  if (bytes[0]! >> 4 !== 6) return undefined;
  const loopback = (start: number): boolean =>
    bytes[start + 15] === 1 && bytes.subarray(start, start + 15).every((byte) => byte === 0);
  if (!comesBack && (loopback(8) || loopback(24))) return "the loopback address ::1 on the wire";
  if (bytes[8] === 0xff) return "a multicast address as the source";
  // RFC 4291, 2.7: scope 0 is reserved, scope 1 never leaves an interface
  const least = comesBack ? 1 : 2;
  if (bytes[24] === 0xff && (bytes[25]! & 15) < least) return "a multicast group that is not for the wire";
  return undefined;
}
