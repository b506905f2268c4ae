import type { Address } from "../packet/address.ts";
import { printAddress } from "../packet/address.ts";
import type { Route, RouteQuery } from "./host.ts";
import { type RouteEntry, scopes } from "./route-entry.ts";
import { realmsOf } from "./route-realms.ts";
import { fibQuery, martian, type Routing, wayOut } from "./routing.ts";
import { selectSource4 } from "./source-address.ts";
import { allHosts, isLimitedBroadcast, isLoopback, isMulticast, isUnspecified } from "./special-addresses.ts";

/**
 * The route of an IPv4 packet of the host's own: ip_route_output_key_hash_rcu and __mkroute_output (net/ipv4/route.c).
 * A source that is not the host's is taken as it is, as for raw sockets (FLOWI_FLAG_ANYSRC).
 */
export function routeOutput4(routing: Routing, query: RouteQuery): Route {
  const { destination, source } = query;
  const { loopback } = routing;
  if (source !== undefined && (isMulticast(source) || isLimitedBroadcast(source))) {
    return martian(`no packet is sent from ${printAddress(source)}`);
  }
  if (isUnspecified(destination)) {
    return {
      kind: "local",
      device: loopback,
      preferredSource: source ?? 0x7f000001,
      realms: 0,
      why: "0.0.0.0 is the host",
    };
  }
  const shared = isMulticast(destination) || isLimitedBroadcast(destination);
  const owner =
    shared && source !== undefined && !isUnspecified(source) ? deviceOf(routing, source) : undefined;
  if (owner !== undefined) return toAll(routing, destination, owner, source, `the interface of the source`);
  const found = routing.fib.lookup(fibQuery(routing, query));
  if (found.kind !== "route") return onLink(routing, query) ?? found;
  const { entry, nextHop, why } = found;
  if (entry.type === "local") {
    return {
      kind: "local",
      device: loopback,
      preferredSource: entry.preferredSource ?? destination,
      realms: 0,
      why,
    };
  }
  const device = nextHop.device;
  const chosen = preferredSource(routing, entry, device, nextHop.gateway);
  const from = source === undefined || isUnspecified(source) ? chosen : source;
  const outside = routing.interfaces.get(device)?.loopback !== true;
  if (from !== undefined && isLoopback(from) && outside && !routing.sysctl.either(device, "route_localnet")) {
    return martian(`no packet leaves ${device} from ${printAddress(from)}`);
  }
  if (shared) return toAll(routing, destination, device, chosen, why);
  if (entry.type === "broadcast") {
    return { kind: "broadcast", device, preferredSource: chosen, heard: outside, realms: 0, why };
  }
  return wayOut(routing, "unicast", entry, nextHop, destination, chosen, why, realmsOf(found));
}

/** Where the caller named the interface and no route leads there, the destination is taken to be on its link. */
function onLink({ interfaces }: Routing, { destination, outDevice }: RouteQuery): Route | undefined {
  const device = outDevice === undefined ? undefined : interfaces.get(outDevice);
  if (!device?.up) return undefined;
  const { name, mtu } = device;
  const preferredSource = selectSource4(interfaces, name, undefined, scopes["link"] ?? 253);
  const why = `no route by ${name}: the address is taken to be on its link`;
  return { kind: "unicast", device: name, nextHop: destination, preferredSource, mtu, why };
}

function deviceOf({ interfaces }: Routing, source: Address): string | undefined {
  for (const one of interfaces.values()) {
    if (one.addresses.some(({ address }) => address === source)) return one.name;
  }
  return undefined;
}

/** To the limited broadcast or to a multicast group, out of this interface. */
function toAll(
  routing: Routing,
  destination: Address,
  device: string,
  preferredSource: Address | undefined,
  why: string,
): Route {
  const { loopback, mtu = 1500 } = routing.interfaces.get(device) ?? {};
  const heard = loopback !== true;
  if (isLimitedBroadcast(destination)) {
    return { kind: "broadcast", device, preferredSource, heard, realms: 0, why };
  }
  const isMember = destination === allHosts;
  if (!isMember) routing.assume("no multicast group but 224.0.0.1 is joined");
  const way = { device, nextHop: destination, preferredSource, mtu, realms: 0, why };
  return { kind: "multicast", ...way, heard: isMember && heard };
}

/** fib_result_prefsrc: what the route names, else what the interface has towards the gateway. */
function preferredSource(
  { interfaces }: Routing,
  entry: RouteEntry,
  device: string,
  gateway: Address | undefined,
): Address | undefined {
  if (entry.preferredSource !== undefined) return entry.preferredSource;
  // fib_info_update_nhc_saddr: a next hop on the link may have a source of link scope
  const scope = entry.type === "broadcast" ? (scopes["link"] ?? 253) : entry.scope;
  return selectSource4(interfaces, device, gateway, scope);
}
