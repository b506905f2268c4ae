import { printAddress } from "../packet/address.ts";
import type { FibResult } from "./fib.ts";
import type { FlowKeys, Route, RouteQuery } from "./host.ts";
import { sourceRealms } from "./route-realms.ts";
import { martian, type Routing } from "./routing.ts";

/** What a packet's source says: that it is a martian, or the realms that it gives to the packet's route. */
export type SourceCheck = { readonly refused: Route } | { readonly realms: number };

const accepted: SourceCheck = { realms: 0 };

/**
 * fib_validate_source (net/ipv4/fib_frontend.c). `outDevice` is absent where the packet is for the host itself.
 */
export function checkSource4(
  routing: Routing,
  query: RouteQuery,
  device: string,
  outDevice: string | undefined,
): SourceCheck {
  const { sysctl } = routing;
  const { source } = query;
  if (source === undefined) return accepted;
  const filter = sysctl.larger(device, "rp_filter");
  const redirects = outDevice === device && sysctl.either(device, "send_redirects", 1);
  if (filter !== 0 || redirects || routing.usesRealms)
    return fullCheck(routing, query, device, filter, outDevice);
  if (sysctl.either(device, "accept_local")) return accepted;
  if (routing.hasCustomLocalRoutes || routing.fib.hasCustomRules) {
    return fullCheck(routing, query, device, filter, outDevice);
  }
  return routing.ownAddresses.has(source) ? ownSource(source) : accepted;
}

const refusedFor = (why: string): SourceCheck => ({ refused: martian(why) });

const ownSource = (source: number | bigint): SourceCheck =>
  refusedFor(`martian source ${printAddress(source)}: the host's own address from outside`);

/** The route by which the packet's source would be reached; `outDevice` as in `checkSource4`. */
export function wayBack(routing: Routing, query: RouteQuery, outDevice: string | undefined): FibResult {
  const device = query.inDevice ?? routing.loopback;
  return routing.fib.lookup({
    source: query.destination,
    destination: query.source ?? 0,
    tos: query.tos,
    mark: routing.sysctl.either(device, "src_valid_mark") ? query.mark : 0,
    // the answer to what is forwarded comes in where that goes out
    inDevice: outDevice ?? routing.loopback,
    outDevice: undefined,
    flow: query.flow && turnedBack(query.flow),
  });
}

const turnedBack = ({ protocol, sourcePort, destinationPort }: FlowKeys): FlowKeys => ({
  protocol,
  sourcePort: destinationPort,
  destinationPort: sourcePort,
});

/** __fib_validate_source: the way back to the source is looked up; rp_filter 1 wants it to be this interface, 2 any. */
function fullCheck(
  routing: Routing,
  query: RouteQuery,
  device: string,
  filter: number,
  outDevice: string | undefined,
): SourceCheck {
  const { sysctl } = routing;
  const source = query.source ?? 0;
  const back = wayBack(routing, query, outDevice);
  const noWayBack = (): SourceCheck =>
    filter === 0
      ? accepted
      : refusedFor(`rp_filter=${filter} on ${device}: no way back to ${printAddress(source)} (${back.why})`);
  if (back.kind !== "route") return noWayBack();
  const { type, nextHops } = back.entry;
  if (type === "local" && !sysctl.either(device, "accept_local")) return ownSource(source);
  if (type !== "unicast" && type !== "local") {
    return refusedFor(`martian source ${printAddress(source)}: ${back.why}`);
  }
  const realms = sourceRealms(back);
  if (nextHops.some((hop) => hop.device === device)) return { realms };
  const hasAddress = routing.interfaces
    .get(device)
    ?.addresses.some(({ address }) => typeof address === "number");
  if (!hasAddress) return noWayBack();
  return filter === 1
    ? refusedFor(`rp_filter=1 on ${device}: the way back to ${printAddress(source)} is another (${back.why})`)
    : { realms };
}
