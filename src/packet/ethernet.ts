import { ownCopy, pooledBytes, pooledCopy } from "./byte-pool.ts";
import { extensionHeaders } from "./extension-header.ts";
import { hopByHopFault, type ParameterProblem } from "./hop-by-hop.ts";
import { checkIpHeader, receivedAddressFault } from "./ip-header.ts";
import { ethernetHeaderLength as headerLength, Packet, type PacketType } from "./packet.ts";

const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const;

export type Decoded =
  | { readonly ok: true; readonly packet: Packet }
  /** Why the kernel hands no packet to the IP layer; `answer` where it tells the sender what is wrong with an option. */
  | {
      readonly ok: false;
      readonly reason: string;
      readonly answer?: { readonly packet: Packet; readonly problem: ParameterProblem };
    };

/**
 * Reads an Ethernet frame that an interface with this MAC received. The packet has a copy of its bytes. Padding behind the IP packet is cut off. Never throws.
 * Source: eth_type_trans (net/ethernet/eth.c), ip_rcv (net/ipv4/ip_input.c), ipv6_rcv (net/ipv6/ip6_input.c).
 */
export function decodeFrame(received: Uint8Array, mac: Uint8Array | undefined): Decoded {
  if (received.length < headerLength) return refuse(`the frame has only ${received.length} bytes`);
  const vlan = vlanOf(received);
  if (vlan) return refuse(`the frame is of VLAN ${vlan}: it belongs to that VLAN's own interface`);
  const frame = vlan === undefined ? received : withoutTag(received);
  const etherType = (frame[12]! << 8) | frame[13]!;
  const version = etherType === etherTypes.ipv4 ? 4 : 6;
  if (version === 6 && etherType !== etherTypes.ipv6) {
    return refuse(`EtherType 0x${etherType.toString(16).padStart(4, "0")} is not IP`);
  }
  const checked = checkIpHeader(frame, headerLength);
  if (!checked.ok) return checked;
  if (checked.version !== version) return refuse("the IP version does not fit the EtherType");
  const copy = mayWait(frame) ? ownCopy : pooledCopy;
  const whole = copy(frame, headerLength, headerLength + checked.length);
  const fault = receivedAddressFault(whole);
  if (fault !== undefined) return refuse(fault);
  const packet = Packet.received(whole);
  packet.packetType = packetTypeOf(frame, mac);
  const options = version === 6 && packet.packetType !== "otherhost" ? hopByHopFault(whole) : undefined;
  if (!options) return { ok: true, packet };
  const { reason, problem } = options;
  return { ok: false, reason, ...(problem ? { answer: { packet, problem } } : {}) };
}

/** Pieces of a datagram may wait for the others for long. In IPv6 the fragment header may hide behind others. */
function mayWait(frame: Uint8Array): boolean {
  if (frame[headerLength]! >> 4 === 4)
    return ((frame[headerLength + 6]! & 0x3f) | frame[headerLength + 7]!) !== 0;
  return extensionHeaders.has(frame[headerLength + 6]!);
}

const refuse = (reason: string): Decoded => ({ ok: false, reason });

/** The VLAN of an IEEE 802.1Q or 802.1ad tag, 0 for a tag that only has a priority; `undefined` without a tag. */
function vlanOf(frame: Uint8Array): number | undefined {
  const etherType = (frame[12]! << 8) | frame[13]!;
  if ((etherType !== 0x8100 && etherType !== 0x88a8) || frame.length < headerLength + 4) return undefined;
  return ((frame[14]! & 15) << 8) | frame[15]!;
}

/** skb_vlan_untag: the tag's four bytes are cut out. */
function withoutTag(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length - 4);
  bytes.set(frame.subarray(0, 12));
  bytes.set(frame.subarray(16), 12);
  return bytes;
}

function packetTypeOf(frame: Uint8Array, mac: Uint8Array | undefined): PacketType {
  if (frame[0]! & 1) return hasMac(frame, broadcast) ? "broadcast" : "multicast";
  return mac === undefined || hasMac(frame, mac) ? "unicast" : "otherhost";
}

const broadcast = new Uint8Array(6).fill(0xff);

/** Whether the frame is addressed to it. */
function hasMac(frame: Uint8Array, mac: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (frame[i] !== mac[i]) return false;
  return true;
}

/** An Ethernet frame around an IP packet. */
export function buildFrame(destination: Uint8Array, source: Uint8Array, packet: Uint8Array): Uint8Array {
  const frame = pooledBytes(headerLength + packet.length);
  const etherType = packet[0]! >> 4 === 6 ? etherTypes.ipv6 : etherTypes.ipv4;
  for (let i = 0; i < 6; i++) {
    frame[i] = destination[i]!;
    frame[6 + i] = source[i]!;
  }
  frame[12] = etherType >> 8;
  frame[13] = etherType;
  frame.set(packet, headerLength);
  return frame;
}
