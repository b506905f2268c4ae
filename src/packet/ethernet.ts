import { checkIpHeader } from "./ip-header.ts";
import { Packet, type PacketType } from "./packet.ts";

const headerLength = 14;
const etherTypes: Readonly<Record<number, 4 | 6>> = { 2048: 4, 34525: 6 };

export type Decoded =
  | { readonly ok: true; readonly packet: Packet }
  /** Why the kernel hands no packet to the IP layer. */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads an Ethernet frame that an interface with this MAC received. Padding behind the IP packet is cut off. Never throws.
 * Source: eth_type_trans (net/ethernet/eth.c), ip_rcv (net/ipv4/ip_input.c), ipv6_rcv (net/ipv6/ip6_input.c).
 */
export function decodeFrame(frame: Uint8Array, mac: Uint8Array | undefined): Decoded {
  if (frame.length < headerLength) return { ok: false, reason: `the frame has only ${frame.length} bytes` };
  const etherType = (frame[12]! << 8) | frame[13]!;
  const version = etherTypes[etherType];
  if (version === undefined) {
    return { ok: false, reason: `EtherType 0x${etherType.toString(16).padStart(4, "0")} is not IP` };
  }
  const bytes = frame.slice(headerLength);
  const checked = checkIpHeader(bytes);
  if (!checked.ok) return checked;
  if (checked.version !== version) return { ok: false, reason: "the IP version does not fit the EtherType" };
  const packet = new Packet(bytes.subarray(0, checked.length), frame.slice(0, headerLength));
  packet.packetType = packetTypeOf(frame, mac);
  return { ok: true, packet };
}

function packetTypeOf(frame: Uint8Array, mac: Uint8Array | undefined): PacketType {
  const destination = frame.subarray(0, 6);
  if (destination.every((byte) => byte === 0xff)) return "broadcast";
  if (destination[0]! & 1) return "multicast";
  return mac === undefined || destination.every((byte, index) => byte === mac[index])
    ? "unicast"
    : "otherhost";
}

/** An Ethernet frame around an IP packet. */
export function buildFrame(destination: Uint8Array, source: Uint8Array, packet: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerLength + packet.length);
  frame.set(destination, 0);
  frame.set(source, 6);
  frame.set(packet[0]! >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00], 12);
  frame.set(packet, headerLength);
  return frame;
}
