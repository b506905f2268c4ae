import type { NetworkInterface } from "./host.ts";
import { addressBits, makePrefix } from "./prefix.ts";
import type { RouteEntry, RouteType } from "./route-entry.ts";

/** The routes that the kernel makes by itself for the interfaces' addresses (fib_add_ifaddr, addrconf_prefix_route). */
export function connectedRoutes(interfaces: Iterable<NetworkInterface>): readonly RouteEntry[] {
  return [...interfaces].flatMap((device) => device.addresses.flatMap((one) => routesOf(device, one)));
}

function routesOf(
  { name, loopback, mac }: NetworkInterface,
  { address, prefixLength, broadcast }: NetworkInterface["addresses"][number],
): readonly RouteEntry[] {
  const family = typeof address === "number" ? "ipv4" : "ipv6";
  const bits = addressBits(family);
  const route = (type: RouteType, table: string, at: typeof address, length: number): RouteEntry => ({
    family,
    table,
    type,
    destination: makePrefix(at, length),
    from: undefined,
    nextHops: [{ device: name, gateway: undefined, dead: false }],
    preferredSource: family === "ipv4" ? address : undefined,
    metric: family === "ipv6" && type !== "local" ? 256 : 0,
    tos: 0,
    scope: type === "local" ? 254 : 253,
    protocol: "kernel",
    mtu: undefined,
    hopLimit: undefined,
  });
  const routes = [route("local", "local", address, bits)];
  // the loopback network belongs to the host as a whole
  if (loopback && family === "ipv4") routes.push(route("local", "local", address, prefixLength));
  else if (prefixLength < bits) routes.push(route("unicast", "main", address, prefixLength));
  if (broadcast !== undefined && family === "ipv4") routes.push(route("broadcast", "local", broadcast, bits));
  if (family === "ipv6" && !loopback && mac) routes.push(route("multicast", "local", 0xffn << 120n, 8));
  return routes;
}
