import { printAddress } from "../packet/address.ts";
import type { Route, RouteQuery } from "./host.ts";
import { fibQuery, forwards, isRouterOn, martian, type Routing, wayOut } from "./routing.ts";
import { selectSource6 } from "./source-address.ts";
import { isLinkLocal6, isLoopback, isMulticast, isUnspecified } from "./special-addresses.ts";

/** ICMPV6_NOT_NEIGHBOUR (RFC 4443, 3.1). */
const beyondScope = 2;

/** The route of a received IPv6 packet: ip6_route_input (net/ipv6/route.c), ip6_mc_input, the checks of ip6_forward. */
export function routeInput6(routing: Routing, query: RouteQuery, device: string): Route {
  const { destination, source = 0n } = query;
  if (isMulticast(destination)) return multicastInput(routing, query, device);
  // an address of a link, ::1 among them, means something on that link only (rt6_need_strict)
  const linkDevice = isLinkLocal6(destination) || isLoopback(destination) ? device : undefined;
  const found = routing.fib.lookup(fibQuery(routing, query, device, linkDevice));
  if (found.kind !== "route") return found;
  const { entry, nextHop, why } = found;
  if (entry.type === "local" || entry.type === "anycast") return { kind: "local", device, why };
  if (!forwards(routing, "ipv6", device)) {
    const off = "forwarding is off (net.ipv6.conf.all.forwarding = 0)";
    return { kind: "blackhole", why: `not an address of the host, and ${off}` };
  }
  // ip6_forward minds the source only where the packet would leave by another interface than it came in by
  if (nextHop.device === device) {
    return wayOut(routing, "unicast", entry, nextHop, destination, undefined, why);
  }
  if (isUnspecified(source) || isMulticast(source) || isLoopback(source)) {
    return martian(`a packet from ${printAddress(source)} is not forwarded`);
  }
  if (isLinkLocal6(source)) {
    const why = `${printAddress(source)} is a link's address: a packet from it does not leave the link`;
    return { kind: "unreachable", icmpCode: beyondScope, onlyForThisPacket: true, why };
  }
  return wayOut(routing, "unicast", entry, nextHop, destination, undefined, why);
}

/** The route of an IPv6 packet of the host's own (ip6_route_output). */
export function routeOutput6(routing: Routing, query: RouteQuery): Route {
  const { destination } = query;
  const { loopback } = routing;
  // a socket means the host itself by :: (rawv6_sendmsg); a packet that is routed again has it for a destination like others
  if (isUnspecified(destination) && query.source === undefined) {
    return { kind: "local", device: loopback, preferredSource: 1n, why: ":: is the host" };
  }
  const found = routing.fib.lookup(fibQuery(routing, query));
  if (found.kind !== "route") return found;
  const { entry, nextHop, why } = found;
  if (entry.type === "local" || entry.type === "anycast") {
    return { kind: "local", device: loopback, preferredSource: destination, why };
  }
  const { device } = nextHop;
  const chosen =
    entry.preferredSource ??
    (typeof destination === "bigint" ? selectSource6(routing.interfaces, device, destination) : undefined);
  const kind = isMulticast(destination) ? "multicast" : "unicast";
  const way = wayOut(routing, kind, entry, nextHop, destination, chosen, why);
  return entry.preferredSource === undefined ? way : { ...way, namesSource: true };
}

const allNodes = new Set([(0xff010000n << 96n) | 1n, (0xff020000n << 96n) | 1n]);
const allRouters = new Set([0xff010000n, 0xff020000n, 0xff050000n].map((head) => (head << 96n) | 2n));
/** ff02::1:ff00:0/104 (RFC 4291, 2.7.1). */
const solicitedNode = 0xff0200000000000000000001ffn;

/** What the host listens to without being asked: all nodes, all routers where it is one, its own addresses' groups. */
function multicastInput(routing: Routing, query: RouteQuery, device: string): Route {
  const { destination } = query;
  if (typeof destination !== "bigint") return martian("no IPv6 destination");
  const accepted = (why: string): Route => ({ kind: "broadcast", device, why });
  if (allNodes.has(destination)) return accepted("multicast group of all nodes");
  if (allRouters.has(destination) && isRouterOn(routing, device)) {
    return accepted("multicast group of all routers");
  }
  if (destination >> 24n === solicitedNode) {
    const own = routing.interfaces.get(device)?.addresses ?? [];
    const asked = own.some(
      ({ address }) => typeof address === "bigint" && (address & 0xffffffn) === (destination & 0xffffffn),
    );
    if (asked) return accepted("solicited-node multicast group of an own address");
  }
  routing.assume("no IPv6 multicast group is joined but the ones that every host has");
  return martian(`the multicast group ${printAddress(destination)} is not joined`);
}
