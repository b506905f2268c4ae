import { printAddress } from "../packet/address.ts";
import type { Route, RouteQuery } from "./host.ts";
import { contains, makePrefix } from "./prefix.ts";
import type { NextHop } from "./route-entry.ts";
import { fillRealms, realmsOf } from "./route-realms.ts";
import { fibQuery, forwards, martian, type Routing, wayOut } from "./routing.ts";
import { checkSource4, wayBack } from "./source-check4.ts";
import { allHosts, isLimitedBroadcast, isLoopback, isMulticast, isUnspecified } from "./special-addresses.ts";

/** The route of a received IPv4 packet: ip_route_input_rcu and ip_route_input_slow (net/ipv4/route.c), in their order. */
export function routeInput4(routing: Routing, query: RouteQuery, device: string): Route {
  const { destination, source = 0 } = query;
  const localnet = routing.sysctl.either(device, "route_localnet");
  if (isMulticast(destination)) return multicastInput(routing, query, device, localnet);
  if (isMulticast(source) || isLimitedBroadcast(source)) {
    return martian(`martian source ${printAddress(source)}: no sender has such an address`);
  }
  if (isLimitedBroadcast(destination) || (isUnspecified(source) && isUnspecified(destination))) {
    return broadcastInput(routing, query, device, "limited broadcast");
  }
  if (isUnspecified(source)) return martian("martian source 0.0.0.0: only a limited broadcast may have it");
  if (isUnspecified(destination)) return martian("martian destination 0.0.0.0");
  if (!localnet && isLoopback(destination)) {
    return martian(`martian destination ${printAddress(destination)}: loopback from outside`);
  }
  if (!localnet && isLoopback(source)) {
    return martian(`martian source ${printAddress(source)}: loopback from outside`);
  }
  const found = routing.fib.lookup(fibQuery(routing, query, device));
  if (found.kind !== "route") return refused(routing, found, device);
  const { entry, nextHop, why } = found;
  if (entry.type === "broadcast" && !routing.sysctl.both(device, "bc_forwarding")) {
    return broadcastInput(routing, query, device, why);
  }
  if (entry.type === "local") {
    const check = checkSource4(routing, query, device, undefined);
    return "refused" in check ? check.refused : { kind: "local", device, realms: check.realms, why };
  }
  if (!forwards(routing, "ipv4", device)) return notForwarding();
  if (entry.type !== "unicast" && entry.type !== "broadcast") {
    return martian(`martian destination: ${why}`);
  }
  const check = checkSource4(routing, query, device, nextHop.device);
  if ("refused" in check) return check.refused;
  const realms = fillRealms(realmsOf(found), check.realms);
  const route = wayOut(routing, "unicast", entry, nextHop, destination, undefined, why, realms);
  const redirects = asksForRedirect(routing, query, device, nextHop);
  return redirects ? { ...route, redirects } : route;
}

/**
 * __mkroute_input: the packet leaves where it came from, and its sender sits on that link. Where media are not shared, the
 * gateway has to be in the sender's subnet, too.
 */
function asksForRedirect(
  routing: Routing,
  query: RouteQuery,
  device: string,
  { device: outDevice, gateway }: NextHop,
): boolean {
  const { sysctl, interfaces } = routing;
  const { source } = query;
  if (outDevice !== device || source === undefined || !sysctl.either(device, "send_redirects", 1))
    return false;
  if (!isOnLink(routing, query, device)) return false;
  if (sysctl.either(device, "shared_media", 1)) return true;
  return (interfaces.get(device)?.addresses ?? []).some(({ address, prefixLength }) => {
    const subnet = makePrefix(address, prefixLength);
    return contains(subnet, source) && (gateway === undefined || contains(subnet, gateway));
  });
}

/** The way back to the sender is this link, without a gateway (what fib_validate_source returns). */
function isOnLink(routing: Routing, query: RouteQuery, device: string): boolean {
  const back = wayBack(routing, query, device);
  return back.kind === "route" && back.nextHop.device === device && back.nextHop.gateway === undefined;
}

const notForwarding = (): Route => ({
  kind: "blackhole",
  why: "not an address of the host, and forwarding is off (net.ipv4.ip_forward = 0)",
});

/** ip_error: an ICMP error tells the sender, but only where the host is a router. */
function refused(
  routing: Routing,
  found: Exclude<ReturnType<Routing["fib"]["lookup"]>, { kind: "route" }>,
  device: string,
): Route {
  return forwards(routing, "ipv4", device) ? found : notForwarding();
}

function broadcastInput(routing: Routing, query: RouteQuery, device: string, why: string): Route {
  if (isUnspecified(query.source ?? 0)) return { kind: "broadcast", device, realms: 0, why };
  const check = checkSource4(routing, query, device, undefined);
  return "refused" in check ? check.refused : { kind: "broadcast", device, realms: check.realms, why };
}

/** ip_mc_validate_source, ip_check_mc_rcu. A snapshot does not say which groups sockets have joined. */
function multicastInput(routing: Routing, query: RouteQuery, device: string, localnet: boolean): Route {
  const { destination, source = 0 } = query;
  if (destination !== allHosts) {
    routing.assume("no multicast group but 224.0.0.1 is joined");
    return martian(`the multicast group ${printAddress(destination)} is not joined`);
  }
  if (isMulticast(source) || isLimitedBroadcast(source) || (isLoopback(source) && !localnet)) {
    return martian(`martian source ${printAddress(source)}`);
  }
  return broadcastInput(routing, query, device, "multicast group 224.0.0.1 of all hosts");
}
