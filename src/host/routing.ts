import type { Address } from "../packet/address.ts";
import type { Fib } from "./fib.ts";
import type { NetworkInterface, Route, RouteQuery } from "./host.ts";
import type { RuleQuery } from "./policy-rule.ts";
import type { NextHop, RouteEntry } from "./route-entry.ts";
import type { Sysctl } from "./sysctl.ts";

/** What routing of one family works with. */
export interface Routing {
  readonly fib: Fib;
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  /** The name of the loopback interface. */
  readonly loopback: string;
  /** All addresses of all interfaces. */
  readonly ownAddresses: ReadonlySet<Address>;
  readonly sysctl: Sysctl;
  /** A user added local routes: the quick check of sources then does not do (fib_has_custom_local_routes). */
  readonly hasCustomLocalRoutes: boolean;
  /** Some route or rule has a realm: sources are then checked in full (fib_num_tclassid_users). */
  readonly usesRealms: boolean;
  assume(text: string): void;
}

export const martian = (why: string): Route => ({ kind: "martian", why });

/** A query of the rules and tables for this packet. */
export const fibQuery = (
  { loopback }: Routing,
  query: RouteQuery,
  inDevice = query.inDevice,
  linkDevice?: string,
): RuleQuery =>
  cameIn(query) && query.inDevice === inDevice && linkDevice === undefined
    ? query
    : {
        source: query.source,
        destination: query.destination,
        tos: query.tos,
        mark: query.mark,
        inDevice: inDevice ?? loopback,
        outDevice: query.outDevice,
        linkDevice,
        flow: query.flow,
        uid: query.uid,
      };

/** A received packet's query is one of the rules as it is. */
const cameIn = (query: RouteQuery): query is RouteQuery & { readonly inDevice: string } =>
  query.inDevice !== undefined;

/** The way out of a unicast or multicast route. */
export function wayOut(
  routing: Routing,
  kind: "unicast" | "multicast",
  entry: RouteEntry,
  nextHop: NextHop,
  destination: Address,
  preferredSource: Address | undefined,
  why: string,
  realms?: number,
): Extract<Route, { readonly kind: "unicast" | "multicast" }> {
  if (entry.nextHops.length > 1) {
    routing.assume(`${why}: the kernel draws one of the next hops by a hash; the first one is taken`);
  }
  return {
    kind,
    device: nextHop.device,
    nextHop: nextHop.gateway ?? destination,
    preferredSource,
    mtu: entry.mtu ?? linkMtu(routing, nextHop.device, destination),
    hopLimit: entry.hopLimit,
    realms,
    why,
  };
}

/** Whether an interface belongs to the groups of all routers; that of a host that forwards does unless it was told otherwise. */
export const isRouterOn = (routing: Routing, device: string): boolean =>
  routing.sysctl.isRouterOn(device) ?? forwards(routing, "ipv6", device);

/** Whether the host forwards what comes in here. Where nothing says so, it does: a rule set is asked about for that. */
export function forwards(routing: Routing, family: "ipv4" | "ipv6", device: string): boolean {
  const told = routing.sysctl.forwarding(family, device);
  if (told === undefined) routing.assume(`nothing says whether the host forwards ${family}: it is taken to`);
  return told ?? true;
}

function linkMtu({ interfaces }: Routing, device: string, destination: Address): number {
  const link = interfaces.get(device);
  return (typeof destination === "bigint" ? link?.mtu6 : undefined) ?? link?.mtu ?? 1500;
}
