import type { Route } from "../host/host.ts";
import { hopByHopFault } from "../packet/hop-by-hop.ts";
import { receivedAddressFault } from "../packet/ip-header.ts";
import { isGroup6 } from "./come-back.ts";
import { ownHook, reassemble, reassembleForConntrack } from "./defragment.ts";
import { deviceOf, findRoute } from "./find-route.ts";
import { forward, ttlEnds } from "./forward.ts";
import { type IcmpError, sendIcmpError } from "./icmp-error.ts";
import { sendParameterProblem } from "./icmp6-error.ts";
import { receiveOptions } from "./ip-options.ts";
import type { Journey } from "./journey.ts";
import { leave } from "./leave.ts";
import { groupFrameEnds } from "./link-group.ts";
import { runHook } from "./run-hook.ts";

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
  journey.arrivedOn = device;
  if (comesBack && packet.family === "ipv6" && !isWelcomeBack(journey, device)) return;
  if (packet.family === "ipv6" && !isGroup6(packet) && groupFrameEnds(journey, device)) return;
  if (!reassembleForConntrack(journey, device)) return;
  if (runHook(journey, "PREROUTING", device, undefined) === "ended") return;
  // a packet that comes back to the host keeps the route that it left with, unless NAT turns it away
  const route = journey.route ?? findRoute(journey, device, false);
  // what is refused with an error has a route as well, which ends in ip_error
  const hasRoute = "device" in route || route.kind === "unreachable" || route.kind === "prohibit";
  if (hasRoute && !receiveOptions(journey, device)) return;
  const isToMany = route.kind === "broadcast" || route.kind === "multicast";
  if (hasRoute && packet.family === "ipv4" && !isToMany && groupFrameEnds(journey, device)) return;
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

function deliver(journey: Journey, device: string): void {
  if (journey.packet.family === "ipv4" && !reassemble(journey, "delivery")) return;
  if (runHook(journey, "INPUT", device, undefined) === "ended") return;
  journey.note({ kind: "delivered" });
  journey.end("delivered");
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
  if (runHook(journey, "OUTPUT", undefined, outDevice, reroute) === "ended") return;
  leave(journey, undefined);
}

/** The copy of a packet, whose way is known already, from OUTPUT on. */
export function sendCopy(journey: Journey, route: Extract<Route, { device: string }>): void {
  journey.route = route;
  const reroute = () => rerouted(journey);
  journey.copyDevice = deviceOf(route);
  if (runHook(journey, "OUTPUT", undefined, journey.copyDevice, reroute) !== "ended")
    leave(journey, undefined);
}

function rerouted(journey: Journey): "accept" | "ended" {
  const next = findRoute(journey, undefined, true);
  if ("device" in next) return "accept";
  journey.drop(`routing: ${next.why}`);
  return "ended";
}
