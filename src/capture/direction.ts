import type { NetworkInterface } from "../host/host.ts";
import type { CapturedPacket } from "./captured-packet.ts";
import type { LinkPacket } from "./link-layer.ts";

/** `elsewhere`: a promiscuous capture's, for another host of the link. */
export type Direction = "inbound" | "outbound" | "elsewhere";

/** sll_pkttype (if_packet.h). */
const packetTypes = { otherHost: 3, outgoing: 4 } as const;

/**
 * Whether the host received or sent a packet. The first of these that says something counts: the loopback interface, where
 * everything was sent; the capturing program's word; Linux's packet type; the MACs. `undefined` where only the source address is left to tell.
 */
export function directionOf(
  { direction, bytes }: CapturedPacket,
  { packetType, sourceAt, destinationAt }: LinkPacket,
  device: NetworkInterface | undefined,
): Direction | undefined {
  if (device?.loopback) return "outbound";
  if (direction) return direction;
  if (packetType !== undefined) {
    if (packetType === packetTypes.outgoing) return "outbound";
    return packetType === packetTypes.otherHost ? "elsewhere" : "inbound";
  }
  if (device?.mac && sourceAt !== undefined && destinationAt !== undefined) {
    if (hasMacAt(bytes, sourceAt, device.mac)) return "outbound";
    const isGroup = (bytes[destinationAt]! & 1) === 1;
    return isGroup || hasMacAt(bytes, destinationAt, device.mac) ? "inbound" : "elsewhere";
  }
  return undefined;
}

function hasMacAt(bytes: Uint8Array, at: number, mac: Uint8Array): boolean {
  for (let index = 0; index < 6; index++) if (bytes[at + index] !== mac[index]) return false;
  return true;
}
