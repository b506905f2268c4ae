import { hopByHopFault, type ParameterProblem } from "./hop-by-hop.ts";
import { checkIpHeader, receivedAddressFault } from "./ip-header.ts";
import { Packet, type PacketType } from "./packet.ts";

const headerLength = 14;
const etherTypes: Readonly<Record<number, 4 | 6>> = { 2048: 4, 34525: 6 };

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
  const version = etherTypes[etherType];
  if (version === undefined) {
    return refuse(`EtherType 0x${etherType.toString(16).padStart(4, "0")} is not IP`);
  }
  const checked = checkIpHeader(frame, headerLength);
  if (!checked.ok) return checked;
  if (checked.version !== version) return refuse("the IP version does not fit the EtherType");
  const whole = copyOf(frame, headerLength, headerLength + checked.length);
  const fault = receivedAddressFault(whole);
  if (fault !== undefined) return refuse(fault);
  const packet = new Packet(whole, copyOf(frame, 0, headerLength));
  packet.packetType = packetTypeOf(frame, mac);
  const options = version === 6 && packet.packetType !== "otherhost" ? hopByHopFault(whole) : undefined;
  if (!options) return { ok: true, packet };
  const { reason, problem } = options;
  return { ok: false, reason, ...(problem ? { answer: { packet, problem } } : {}) };
}

/** Up to so many bytes are copied one by one: making a view of them costs more. */
const few = 128;

/** A copy of some bytes; one of a Buffer made by slice() would share its memory. */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  if (copy.length > few) copy.set(bytes.subarray(start, end));
  else for (let i = 0; i < copy.length; i++) copy[i] = bytes[start + i]!;
  return copy;
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
  let isOwn = true;
  let isBroadcast = true;
  for (let i = 0; i < 6; i++) {
    if (frame[i] !== 0xff) isBroadcast = false;
    if (mac !== undefined && frame[i] !== mac[i]) isOwn = false;
  }
  if (isBroadcast) return "broadcast";
  if (frame[0]! & 1) return "multicast";
  return isOwn ? "unicast" : "otherhost";
}

/** An Ethernet frame around an IP packet. */
export function buildFrame(destination: Uint8Array, source: Uint8Array, packet: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerLength + packet.length);
  const etherType = packet[0]! >> 4 === 6 ? 0x86dd : 0x0800;
  for (let i = 0; i < 6; i++) {
    frame[i] = destination[i]!;
    frame[6 + i] = source[i]!;
  }
  frame[12] = etherType >> 8;
  frame[13] = etherType;
  frame.set(packet, headerLength);
  return frame;
}
