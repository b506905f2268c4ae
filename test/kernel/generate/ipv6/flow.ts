import { buildFrame } from "../../../../src/packet/ethernet.ts";
import { toHex } from "../../../../src/packet/hex.ts";
import type { ScenarioPacket } from "../../scenario.ts";
import type { Dice } from "../dice.ts";
import { from } from "../packet.ts";
import { udpBytes } from "../transport.ts";
import { ipv6Packet } from "./build.ts";
import { groupMac, type Place6 } from "./places.ts";

/** Packets of IPv6's own that belong together. */
export type Flow6 = (dice: Dice) => readonly ScenarioPacket[];

/** A packet from a place; to a group it goes by the group's Ethernet address. */
export function sent(place: Place6, packet: Uint8Array): ScenarioPacket {
  if (place.device === undefined || packet[24] !== 0xff) return from(place, packet);
  const group = BigInt(`0x${toHex(packet.slice(36, 40))}`);
  return { in: place.device, frame: toHex(buildFrame(groupMac(group), place.mac, packet)) };
}

/** A datagram from one place to an address. */
export const datagram = (
  dice: Dice,
  client: Place6,
  destination: bigint,
  more: { readonly hopLimit?: number; readonly data?: number; readonly trafficClass?: number } = {},
): Uint8Array =>
  ipv6Packet({
    source: client.address,
    destination,
    protocol: 17,
    hopLimit: more.hopLimit ?? 64,
    trafficClass: more.trafficClass ?? 0,
    payload: udpBytes(
      dice.between(1024, 65000),
      dice.of([53, 80, 443, 8080]),
      new Uint8Array(more.data ?? dice.of([0, 6, 40])).fill(0x78),
    ),
  });
