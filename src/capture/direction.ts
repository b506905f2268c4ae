import type { NetworkInterface } from "../host/host.ts";
import type { CapturedPacket } from "./captured-packet.ts";
import type { LinkPacket } from "./link-layer.ts";

/** `elsewhere`: a promiscuous capture's, for another host of the link. */
export type Direction = "inbound" | "outbound" | "elsewhere";

/** sll_pkttype (if_packet.h). */
const packetTypes = { otherHost: 3, outgoing: 4 } as const;

/**
 * Whether the host received or sent a packet. The first of these that says something counts: the loopback interface, where
 * everything was sent; the capturing program's word; Linux's packet type; the MACs; whose address the source is.
 */
export function directionOf(
  { direction }: CapturedPacket,
  { packetType, sourceMac, destinationMac }: LinkPacket,
  device: NetworkInterface | undefined,
  isFromHost: () => boolean,
): Direction {
  if (device?.loopback) return "outbound";
  if (direction) return direction;
  if (packetType !== undefined) {
    if (packetType === packetTypes.outgoing) return "outbound";
    return packetType === packetTypes.otherHost ? "elsewhere" : "inbound";
  }
  if (device?.mac && sourceMac && destinationMac) {
    if (sameMac(sourceMac, device.mac)) return "outbound";
    const isGroup = (destinationMac[0]! & 1) === 1;
    return isGroup || sameMac(destinationMac, device.mac) ? "inbound" : "elsewhere";
  }
  return isFromHost() ? "outbound" : "inbound";
}

function sameMac(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < 6; index++) if (one[index] !== other[index]) return false;
  return true;
}
