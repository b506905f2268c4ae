import type { Route } from "../host/host.ts";
import { kernelSocket } from "../packet/packet.ts";
import type { Journey } from "./journey.ts";
import { PacketFlow, rawFlow } from "./packet-flow.ts";

/** Where packets for the host itself go out. */
export const deviceOf = (route: Extract<Route, { device: string }>): string =>
  route.kind === "local" ? "lo" : route.device;

/** Asks the host for the packet's way; `again` where a packet of its own was changed on its first one. */
export function findRoute(journey: Journey, inDevice: string | undefined, again: boolean): Route {
  const { packet, environment } = journey;
  const isFirst = inDevice === undefined && !again && !journey.own;
  // ip_route_me_harder says nothing of a packet's socket, ip6_route_me_harder does; the kernel's own sockets are root's
  const knowsSocket = packet.family === "ipv6" && packet.owner !== kernelSocket;
  const route = environment.host.route({
    // a socket asks for a route before its packet has a source; a raw one does not know the packet's TOS either
    source: isFirst ? undefined : packet.source,
    destination: packet.destination,
    tos: packet.family === "ipv4" && !(isFirst && journey.rawSocket) ? packet.bytes[1]! : 0,
    mark: packet.mark,
    inDevice,
    outDevice: again ? linkToKeep(journey) : journey.boundTo,
    flow: isFirst && journey.rawSocket ? rawFlow : new PacketFlow(packet),
    uid: inDevice === undefined && (isFirst || knowsSocket) ? packet.owner?.uid : undefined,
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
