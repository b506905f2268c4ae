import type { Route } from "../host/host.ts";
import type { Address } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import { hopByHopFault } from "../packet/hop-by-hop.ts";
import { receivedAddressFault } from "../packet/ip-header.ts";
import type { Packet } from "../packet/packet.ts";
import { forgetChecksum } from "../packet/trusted-checksum.ts";
import { fragmentsOf6, leastMtu } from "./fragment6.ts";
import { type IcmpError, sendIcmpError } from "./icmp-error.ts";
import { sendParameterProblem } from "./icmp6-error.ts";
import { forwardOptions, receiveOptions } from "./ip-options.ts";
import { Journey } from "./journey.ts";
import { sendRedirect6 } from "./redirect6.ts";
import { runHook } from "./run-hook.ts";
import { fragmentsOf4, transmit } from "./transmit.ts";

/** A packet comes in on an interface: ip_rcv to local delivery or to the wire (net/ipv4/ip_input.c, ip_forward.c). */
export function receive(journey: Journey, device: string): void {
  const { packet } = journey;
  if (packet.packetType === "otherhost") {
    journey.drop("the frame is addressed to another host");
    return;
  }
  const comesBack = journey.route !== undefined || packet.packetType === "loopback";
  journey.cameBack = comesBack;
  packet.hasTransportMark = true;
  if (comesBack && packet.family === "ipv6" && !isWelcomeBack(journey, device)) return;
  if (!reassembleForConntrack(journey, device)) return;
  if (runHook(journey, "PREROUTING", { inDevice: device, outDevice: undefined }) === "ended") return;
  // a packet that comes back to the host keeps the route that it left with, unless NAT turns it away
  const route = journey.route ?? findRoute(journey, device, false);
  if ("device" in route && !receiveOptions(journey, device)) return;
  switch (route.kind) {
    case "local":
    case "broadcast":
    case "multicast":
      deliver(journey, device);
      return;
    case "unicast":
      forward(journey, device, route);
      return;
    case "unreachable":
      if (route.onlyForThisPacket && ttlEnds(journey)) return;
      sendRouteError(journey, { type: 3, code: route.icmpCode ?? 1, type6: 1, code6: route.icmpCode ?? 0 });
      break;
    case "prohibit":
      sendRouteError(journey, { type: 3, code: 13, type6: 1, code6: 1 });
      break;
    case "blackhole":
    case "martian":
      break;
  }
  journey.drop(`routing: ${route.why}`);
}

/** What a frame from outside was asked before it became a packet (ip6_rcv_core). */
function isWelcomeBack(journey: Journey, device: string): boolean {
  const { bytes } = journey.packet;
  const address = receivedAddressFault(bytes, true);
  const options = address === undefined ? hopByHopFault(bytes) : { reason: address };
  if (!options) return true;
  if ("problem" in options && options.problem) {
    journey.context.inDevice = device;
    sendParameterProblem(journey, options.problem);
  }
  journey.drop(options.reason);
  return false;
}

/** Tells the sender that there is no way, unless it was told so often that Linux keeps silent. */
function sendRouteError(journey: Journey, error: IcmpError): void {
  const { packet, environment } = journey;
  const { peers, world } = environment;
  if (packet.family === "ipv4" && !peers.allowsRouteError(packet.source, world.now)) return;
  sendIcmpError(journey, error);
}

/** A packet of the host's own: routed first, then OUTPUT and POSTROUTING (ip_local_out, net/ipv4/ip_output.c). */
export function sendLocal(journey: Journey): void {
  const route = journey.route ?? findRoute(journey, undefined, false);
  if (!("device" in route)) {
    journey.drop(`routing: ${route.why}`);
    return;
  }
  const mtu = journey.environment.host.interfaces.get(deviceOf(route))?.mtu;
  if (!journey.own && mtu !== undefined && journey.packet.length > mtu) {
    journey.drop(`raw sockets send nothing that is longer than the interface's MTU (${mtu})`);
    return;
  }
  if (!reassembleForConntrack(journey, ownHook)) return;
  const reroute = () => rerouted(journey);
  const outDevice = deviceOf(route);
  if (runHook(journey, "OUTPUT", { inDevice: undefined, outDevice }, reroute) === "ended") return;
  leave(journey, undefined);
}

/** The copy of a packet, whose way is known already, from OUTPUT on. */
export function sendCopy(journey: Journey, route: Extract<Route, { device: string }>): void {
  journey.route = route;
  const reroute = () => rerouted(journey);
  journey.copyDevice = deviceOf(route);
  const devices = { inDevice: undefined, outDevice: journey.copyDevice };
  if (runHook(journey, "OUTPUT", devices, reroute) !== "ended") leave(journey, undefined);
}

function rerouted(journey: Journey): "accept" | "ended" {
  const next = findRoute(journey, undefined, true);
  if ("device" in next) return "accept";
  journey.drop(`routing: ${next.why}`);
  return "ended";
}

/** Where packets for the host itself go out. */
const deviceOf = (route: Extract<Route, { device: string }>): string =>
  route.kind === "local" ? "lo" : route.device;

function findRoute(journey: Journey, inDevice: string | undefined, again: boolean): Route {
  const { packet, environment } = journey;
  const isFirst = inDevice === undefined && !again && !journey.own;
  const route = environment.host.route({
    // a socket asks for a route before its packet has a source; a raw one does not know the packet's TOS either
    source: isFirst ? undefined : packet.source,
    destination: packet.destination,
    tos: packet.family === "ipv4" && !(isFirst && journey.rawSocket) ? packet.bytes[1]! : 0,
    mark: packet.mark,
    inDevice,
    outDevice: journey.boundTo ?? (again ? linkToKeep(journey) : undefined),
  });
  journey.route = route;
  journey.inbound = inDevice;
  if ("device" in route) packet.realms = route.realms;
  if (journey.watched) journey.note({ kind: "route", hook: journey.hook, text: route.why, again });
  return route;
}

/** ip6_route_me_harder: groups and addresses of the link mean something on the packet's present link only. */
function linkToKeep({ packet: { destination }, route }: Journey): string | undefined {
  if (typeof destination !== "bigint" || !route || !("device" in route)) return undefined;
  const isOfLink = destination >> 120n === 0xffn || destination >> 118n === 0x3fan;
  return isOfLink ? deviceOf(route) : undefined;
}

/** nf_defrag_ipv4 and nf_defrag_ipv6 (priority -400) run wherever conntrack is on or a rule wants whole datagrams. */
function reassembleForConntrack(journey: Journey, user: string): boolean {
  if (!journey.environment.defragments) return true;
  const { family, tracking } = journey.packet;
  if (family === "ipv6") return reassemble6(journey, user);
  return tracking?.kind === "untracked" || reassemble(journey, "conntrack");
}

/** No interface has an empty name. */
const ownHook = "";

/** `user` is the hook and the device: what comes in by different ways is no one datagram. */
function reassemble6(journey: Journey, user: string): boolean {
  const { environment, packet } = journey;
  // a piece that comes back over loopback has been through here
  if (packet.tracking && packet.tracking.kind !== "invalid") return true;
  const gathered = environment.reassembly6.add(packet, user, environment.world.now);
  switch (gathered.kind) {
    case "pass":
      return true;
    case "held": {
      const reason = "a fragment: it waits for the rest of its datagram (conntrack)";
      journey.end("held", { kind: "host", reason });
      return false;
    }
    case "dropped":
      journey.drop(gathered.reason);
      return false;
    case "whole":
      journey.context.packet = gathered.packet;
      journey.cut = { ...gathered, local: user === ownHook };
      return true;
  }
}

/** Whether there is a whole packet to go on with. */
function reassemble(journey: Journey, user: string): boolean {
  const { environment, packet } = journey;
  if (packet.fragmentOffset === 0 && !packet.moreFragments) return true;
  const whole = environment.reassembly.add(packet, user, environment.world.now);
  if (!whole) {
    journey.end("held", {
      kind: "host",
      reason: `a fragment: it waits for the rest of its datagram (${user})`,
    });
    return false;
  }
  journey.context.packet = whole.packet;
  journey.pieces = whole;
  return true;
}

function deliver(journey: Journey, device: string): void {
  if (journey.packet.family === "ipv4" && !reassemble(journey, "delivery")) return;
  if (runHook(journey, "INPUT", { inDevice: device, outDevice: undefined }) === "ended") return;
  journey.note({ kind: "delivered" });
  journey.end("delivered");
}

/** Bytes of an IP packet at most: what the loopback interface takes where the host does not say. */
const longestPacket = 65535;

const ttlAt = ({ family }: Packet): number => (family === "ipv4" ? 8 : 7);

/** Whether the packet ends here for having come too far; its sender is told. */
function ttlEnds(journey: Journey): boolean {
  const { packet } = journey;
  if (packet.bytes[ttlAt(packet)]! > 1) return false;
  sendIcmpError(journey, { type: 11, code: 0, type6: 3, code6: 0 });
  journey.drop("the TTL ends here");
  return true;
}

/** ip_forward: TTL and size are checked before FORWARD, the TTL is taken down before it, too. */
function forward(
  journey: Journey,
  device: string,
  route: Extract<Route, { kind: "unicast" | "multicast" }>,
): void {
  const { packet } = journey;
  if (journey.hasSocket) {
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
  if (runHook(journey, "FORWARD", { inDevice: device, outDevice: route.device }) === "ended") return;
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
  return Math.max(leastMtu, environment.host.interfaces.get(device)?.mtu ?? mtu);
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

/** A TTL takes no packet over loopback more often; Linux follows one whose TTL rules renew for ever. */
const mostRounds = 255;

/** POSTROUTING and out, or back in over loopback. */
function leave(journey: Journey, inDevice: string | undefined): void {
  const { route } = journey;
  if (!route || !("device" in route)) return;
  const outDevice = deviceOf(route);
  const hook: Hook = "POSTROUTING";
  if (inDevice === undefined && isHeardByHost(route)) {
    copyToHost(journey, outDevice, route);
    if (route.kind === "multicast" && journey.packet.bytes[8] === 0) {
      journey.drop("a packet to a group must not leave the host with a TTL of 0");
      return;
    }
  }
  const cameFrom = inDevice ?? journey.copyDevice;
  if (runHook(journey, hook, { inDevice: cameFrom, outDevice }) === "ended") return;
  if (outDevice !== "lo") {
    if (inDevice === undefined && isGroup6(journey.packet) && !keepGroupPacket(journey, outDevice)) return;
    transmit(journey, route, inDevice === undefined ? "sent" : "forwarded");
    return;
  }
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
const isHeardByHost = (route: Route): boolean => "heard" in route && route.heard === true;

/**
 * ip_mc_output: what the host sends to all, it hears itself. The copy has no socket; it passes POSTROUTING first and comes
 * back before the packet itself goes there.
 */
function copyToHost(journey: Journey, device: string, route: Route | undefined): void {
  const copy = new Journey(journey.environment, journey.packet.copy(), journey.own);
  copy.packet.owner = undefined;
  copy.isCopy = journey.isCopy;
  copy.copies = journey.copies;
  copy.rounds = journey.rounds;
  copy.route = route;
  journey.answer(copy);
  if (runHook(copy, "POSTROUTING", { inDevice: undefined, outDevice: device }) === "ended") return;
  copy.packet.packetType = "loopback";
  copy.packet.ethernetHeader = undefined;
  copy.isCopy = false;
  takeUp(copy, device);
}

/** The host hears what it sent itself. */
function takeUp(journey: Journey, device: string): void {
  journey.environment.backlog.add(() => receive(journey, device));
}

const isGroup6 = ({ family, bytes }: Packet): boolean => family === "ipv6" && bytes[24] === 0xff;

/**
 * ip6_finish_output2: where the host belongs to the group that it sends to, it gets a copy, which passes POSTROUTING once
 * more. Whether the packet itself goes out: not with a hop limit of 0, and not to a group of this interface (RFC 4291, 2.7).
 */
function keepGroupPacket(journey: Journey, device: string): boolean {
  const { packet, environment } = journey;
  const { source, destination } = packet;
  const query = { source, destination, tos: 0, mark: 0, inDevice: device };
  const isMember = environment.host.route(query).kind === "broadcast";
  if (isMember) copyToHost(journey, device, undefined);
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
