import type { Route } from "../host/host.ts";
import type { Address } from "../packet/address.ts";
import type { Packet } from "../packet/packet.ts";
import { forgetChecksum } from "../packet/trusted-checksum.ts";
import { leastMtu } from "./fragment6.ts";
import { sendIcmpError } from "./icmp-error.ts";
import { forwardOptions } from "./ip-options.ts";
import type { Journey } from "./journey.ts";
import { leave } from "./leave.ts";
import { sendRedirect6 } from "./redirect6.ts";
import { runHook } from "./run-hook.ts";

const ttlAt = ({ family }: Packet): number => (family === "ipv4" ? 8 : 7);

/** Whether the packet ends here for having come too far; its sender is told. */
export function ttlEnds(journey: Journey): boolean {
  const { packet } = journey;
  if (packet.bytes[ttlAt(packet)]! > 1) return false;
  sendIcmpError(journey, { type: 11, code: 0, type6: 3, code6: 0 });
  journey.drop("the TTL ends here");
  return true;
}

/** ip_forward: TTL and size are checked before FORWARD, the TTL is taken down before it, too. */
export function forward(
  journey: Journey,
  device: string,
  route: Extract<Route, { kind: "unicast" | "multicast" }>,
): void {
  const { packet } = journey;
  if (packet.hasSocket) {
    journey.drop(
      "packets that belong to a socket of the host are not forwarded: mark them for a route to it",
    );
    return;
  }
  if (packet.packetType !== "unicast") {
    journey.drop("only packets addressed to the host's own MAC are forwarded");
    return;
  }
  if (ttlEnds(journey)) return;
  if (route.device === device && typeof route.nextHop === "bigint")
    sendRedirect6(journey, device, route.nextHop);
  const mtu = forwardMtu(journey, route);
  if (packet.length > mtu && mustNotBeCut(journey, mtu)) {
    sendIcmpError(journey, { type: 3, code: 4, type6: 2, code6: 0, word: mtu });
    journey.drop(`the packet is larger than the MTU of ${route.device} (${mtu}) and must not be fragmented`);
    return;
  }
  forgetChecksum(packet);
  decreaseTtl(packet.bytes, ttlAt(packet));
  if (route.redirects === true) sendRedirect(journey, route.nextHop);
  if (runHook(journey, "FORWARD", device, route.device) === "ended") return;
  forwardOptions(journey);
  leave(journey, device);
}

/** ip_rt_send_redirect: the sender could have sent the packet to the next hop itself, and is told so now and then. */
function sendRedirect(journey: Journey, nextHop: Address): void {
  const { packet, environment } = journey;
  if (typeof nextHop !== "number" || !environment.peers.allowsRedirect(packet.source, environment.world.now))
    return;
  sendIcmpError(journey, { type: 5, code: 1, type6: 137, code6: 0, word: nextHop });
}

/**
 * ip6_dst_mtu_maybe_forward: IPv6 asks the interface here, and a route of a lower MTU only behind POSTROUTING. IPv4 asks
 * the route at once.
 */
function forwardMtu(
  { packet, environment }: Journey,
  { device, mtu }: { device: string; mtu: number },
): number {
  if (packet.family === "ipv4") return mtu;
  const link = environment.host.interfaces.get(device);
  return Math.max(leastMtu, link?.mtu6 ?? link?.mtu ?? mtu);
}

/** IPv6 packets are cut only where they came in pieces, none of which was too long (ip6_pkt_too_big). */
function mustNotBeCut({ packet, pieces, cut }: Journey, mtu: number): boolean {
  if (packet.family === "ipv6") return cut === undefined || cut.largest > mtu;
  return (packet.bytes[6]! & 0x40) !== 0 && (!pieces || pieces.largest > mtu);
}

/** ip_decrease_ttl (ip.h): the checksum moves by 0x0100, whatever it was. */
function decreaseTtl(bytes: Uint8Array, at: number): void {
  bytes[at] = bytes[at]! - 1;
  if (at !== 8) return;
  const check = ((bytes[10]! << 8) | bytes[11]!) + 0x0100;
  const folded = check + (check >= 0xffff ? 1 : 0);
  bytes[10] = folded >> 8;
  bytes[11] = folded;
}
