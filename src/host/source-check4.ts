import { printAddress } from "../packet/address.ts";
import type { FibResult } from "./fib.ts";
import type { Route, RouteQuery } from "./host.ts";
import { isOwnAddress, loopbackOf, martian, type Routing } from "./routing.ts";

/**
 * fib_validate_source (net/ipv4/fib_frontend.c): the martian that the packet is because of its source, or `undefined`.
 * `outDevice` is absent where the packet is for the host itself.
 */
export function checkSource4(
  routing: Routing,
  query: RouteQuery,
  device: string,
  outDevice: string | undefined,
): Route | undefined {
  const { sysctl } = routing;
  const { source } = query;
  if (source === undefined) return undefined;
  const filter = sysctl.larger(device, "rp_filter");
  const redirects = outDevice === device && sysctl.either(device, "send_redirects", 1);
  if (filter !== 0 || redirects) return fullCheck(routing, query, device, filter);
  if (sysctl.either(device, "accept_local")) return undefined;
  if (routing.hasCustomLocalRoutes || routing.fib.hasCustomRules) {
    return fullCheck(routing, query, device, filter);
  }
  return isOwnAddress(routing, source) ? ownSource(source) : undefined;
}

const ownSource = (source: number | bigint): Route =>
  martian(`martian source ${printAddress(source)}: the host's own address from outside`);

/** The route by which the packet's source would be reached. */
export function wayBack(routing: Routing, query: RouteQuery): FibResult {
  const device = query.inDevice ?? loopbackOf(routing);
  return routing.fib.lookup({
    source: query.destination,
    destination: query.source ?? 0,
    tos: query.tos,
    mark: routing.sysctl.either(device, "src_valid_mark") ? query.mark : 0,
    inDevice: loopbackOf(routing),
    outDevice: undefined,
  });
}

/** __fib_validate_source: the way back to the source is looked up; rp_filter 1 wants it to be this interface, 2 any. */
function fullCheck(routing: Routing, query: RouteQuery, device: string, filter: number): Route | undefined {
  const { sysctl } = routing;
  const source = query.source ?? 0;
  const back = wayBack(routing, query);
  const noWayBack = (): Route | undefined =>
    filter === 0
      ? undefined
      : martian(`rp_filter=${filter} on ${device}: no way back to ${printAddress(source)} (${back.why})`);
  if (back.kind !== "route") return noWayBack();
  const { type, nextHops } = back.entry;
  if (type === "local" && !sysctl.either(device, "accept_local")) return ownSource(source);
  if (type !== "unicast" && type !== "local") {
    return martian(`martian source ${printAddress(source)}: ${back.why}`);
  }
  if (nextHops.some((hop) => hop.device === device)) return undefined;
  const hasAddress = routing.interfaces
    .get(device)
    ?.addresses.some(({ address }) => typeof address === "number");
  if (!hasAddress) return noWayBack();
  return filter === 1
    ? martian(`rp_filter=1 on ${device}: the way back to ${printAddress(source)} is another (${back.why})`)
    : undefined;
}
