import type { Route } from "../host/host.ts";
import type { Packet } from "../packet/packet.ts";
import { fragmentsOf6 } from "./fragment6.ts";
import { Journey } from "./journey.ts";
import { runHook } from "./run-hook.ts";
import { fragmentsOf4 } from "./transmit.ts";

/** Bytes of an IP packet at most: what the loopback interface takes where the host does not say. */
const longestPacket = 65535;

/** A TTL takes no packet over loopback more often; Linux follows one whose TTL rules renew for ever. */
const mostRounds = 255;

/** Over loopback the packet comes in again, cut where the interface or conntrack wants it so (loopback_xmit). */
export function comeBack(journey: Journey): void {
  const { packet } = journey;
  if (journey.rounds++ === mostRounds) {
    journey.environment.world.assume("the packet comes back over lo for ever; not followed further");
    journey.drop("it comes back over lo again and again");
    return;
  }
  packet.packetType = "unicast";
  packet.ethernetHeader = undefined;
  journey.isCopy = false;
  // loopback_xmit takes the packet from its socket (skb_orphan)
  packet.owner = undefined;
  const { bytes: whole } = packet;
  const pieces = packet.family === "ipv6" ? fragmentsOf6(journey) : loopedPieces4(journey);
  if (pieces[0] === whole) {
    takeUp(journey, "lo");
    return;
  }
  for (const bytes of pieces) loopBack(journey, bytes);
  journey.end("delivered");
}

/** Broadcasts, and groups that the host is a member of (RTCF_LOCAL). */
export const isHeardByHost = (route: Route): boolean => "heard" in route && route.heard === true;

/**
 * ip_mc_output: what the host sends to all, it hears itself. The copy has no socket; it passes POSTROUTING first and comes
 * back before the packet itself goes there.
 */
export function copyToHost(journey: Journey, device: string, route: Route | undefined): void {
  const copy = new Journey(journey.environment, journey.packet.copy(), journey.own);
  copy.packet.owner = undefined;
  copy.isCopy = journey.isCopy;
  copy.copies = journey.copies;
  copy.rounds = journey.rounds;
  copy.route = route;
  journey.answer(copy);
  if (runHook(copy, "POSTROUTING", undefined, device) === "ended") return;
  copy.packet.packetType = "loopback";
  copy.packet.ethernetHeader = undefined;
  copy.isCopy = false;
  takeUp(copy, device);
}

/** The host hears what it sent itself. */
function takeUp(journey: Journey, device: string): void {
  const { backlog, receive } = journey.environment;
  backlog.add(() => receive(journey, device));
}

export const isGroup6 = ({ family, bytes }: Packet): boolean => family === "ipv6" && bytes[24] === 0xff;

/**
 * ip6_finish_output2: where the host belongs to the group that it sends to, it gets a copy, which passes POSTROUTING once
 * more. Whether the packet itself goes out: not with a hop limit of 0, and not to a group of this interface (RFC 4291, 2.7).
 */
export function keepGroupPacket(journey: Journey, device: string): boolean {
  const { packet, environment } = journey;
  const { source, destination } = packet;
  const query = { source, destination, tos: 0, mark: 0, inDevice: device };
  const isMember = environment.host.route(query).kind === "broadcast";
  // a copy of TEE's comes back with its route to the gateway, which leads to no group
  if (isMember) copyToHost(journey, device, journey.isCopy ? journey.route : undefined);
  const ends = isMember && packet.bytes[7] === 0;
  if (!ends && (packet.bytes[25]! & 15) > 1) return true;
  journey.note({ kind: "delivered" });
  journey.end("delivered");
  return false;
}

/**
 * A datagram that conntrack put together goes over loopback in pieces, too. Conntrack puts them together again at once, unless
 * it leaves them alone.
 */
function loopedPieces4(journey: Journey): readonly Uint8Array[] {
  const { packet, environment } = journey;
  if (!journey.pieces || packet.tracking?.kind !== "untracked") return [packet.bytes];
  return fragmentsOf4(journey, environment.host.interfaces.get("lo")?.mtu ?? longestPacket);
}

/** One of the pieces that a datagram is cut into on its way over loopback; it has the datagram's tracking. */
function loopBack(journey: Journey, bytes: Uint8Array): void {
  const packet = journey.packet.copy();
  packet.bytes = bytes;
  const piece = new Journey(journey.environment, packet, journey.own);
  piece.copies = journey.copies;
  piece.rounds = journey.rounds;
  piece.route = journey.route;
  journey.answer(piece);
  takeUp(piece, "lo");
}
