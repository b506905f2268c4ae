import { type Address, type Family, familyOf } from "../packet/address.ts";
import type { AddressType, ReversePathOptions } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import { Fib } from "./fib.ts";
import type { Host, NetworkInterface, Route, RouteQuery } from "./host.ts";
import { fixedLinkAddress } from "./link-address.ts";
import type { PolicyRule } from "./policy-rule.ts";
import { hasReversePath } from "./reverse-path.ts";
import type { RouteEntry } from "./route-entry.ts";
import { routeInput4 } from "./route-input4.ts";
import { routeOutput4 } from "./route-output4.ts";
import { routeInput6, routeOutput6 } from "./route6.ts";
import { martian, type Routing } from "./routing.ts";
import { selectSource4, selectSource6 } from "./source-address.ts";
import { isLimitedBroadcast, isMulticast, isUnspecified } from "./special-addresses.ts";
import { Sysctl } from "./sysctl.ts";

export interface SnapshotParts {
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  readonly routes: readonly RouteEntry[];
  readonly rules: readonly PolicyRule[];
  /** `undefined` where they are not known: every neighbour then answers with a made-up MAC. */
  readonly neighbours: ReadonlyMap<string, ReadonlyMap<Address, Uint8Array>> | undefined;
  readonly sysctl: Readonly<Record<string, string>>;
  readonly assumptions: Set<string>;
}

/** Locally administered (RFC 7042, 2.1), for neighbours that nobody told. */
const madeUpNeighbour = Uint8Array.of(2, 0, 0, 0, 0, 0xfe);

const none: readonly never[] = [];

/** A host that told its addresses, routes, rules, neighbours and sysctls. */
export class SnapshotHost implements Host {
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  private readonly parts: SnapshotParts;
  private readonly settings: Sysctl;
  private readonly routing: Readonly<Record<Family, Routing>>;

  constructor(parts: SnapshotParts) {
    this.parts = parts;
    this.interfaces = parts.interfaces;
    this.settings = new Sysctl(parts.sysctl);
    this.routing = { ipv4: this.routingOf("ipv4"), ipv6: this.routingOf("ipv6") };
  }

  private routingOf(family: Family): Routing {
    const { routes, rules, interfaces, assumptions } = this.parts;
    const assume = (text: string): void => void assumptions.add(text);
    return {
      fib: new Fib(family, routes, rules, assume),
      interfaces,
      loopback: [...interfaces.values()].find((one) => one.loopback)?.name ?? "lo",
      ownAddresses: new Set(
        [...interfaces.values()].flatMap((one) => one.addresses).map((one) => one.address),
      ),
      sysctl: this.settings,
      hasCustomLocalRoutes: routes.some((one) => one.type === "local" && one.protocol !== "kernel"),
      usesRealms: [...routes, ...rules].some((one) => one.family === family && (one.realms ?? 0) !== 0),
      assume,
    };
  }

  get assumptions(): readonly string[] {
    const { assumptions } = this.parts;
    return assumptions.size === 0 ? none : [...assumptions];
  }

  route(query: RouteQuery): Route {
    const family = familyOf(query.destination);
    const routing = this.routing[family];
    const { inDevice } = query;
    if (inDevice === undefined) {
      return family === "ipv4" ? routeOutput4(routing, query) : routeOutput6(routing, query);
    }
    if (!this.interfaces.has(inDevice)) return martian(`the host has no interface ${inDevice}`);
    return family === "ipv4" ? routeInput4(routing, query, inDevice) : routeInput6(routing, query, inDevice);
  }

  /** inet_addr_type and inet_dev_addr_type (fib_frontend.c); for IPv6, match_lookup_rt6 and ipv6_addr_type. */
  addressType(address: Address, device: string | undefined): AddressType {
    if (isMulticast(address)) return "MULTICAST";
    if (typeof address === "bigint") return this.addressType6(address, device);
    if (isLimitedBroadcast(address) || isUnspecified(address)) return "BROADCAST";
    const hit = this.routing.ipv4.fib.lookupLocal(this.plainQuery(address));
    if (!hit || (device !== undefined && hit.nextHop?.device !== device)) return "UNICAST";
    return hit.entry.type === "local" ? "LOCAL" : hit.entry.type === "broadcast" ? "BROADCAST" : "UNICAST";
  }

  private addressType6(address: bigint, device: string | undefined): AddressType {
    if (isUnspecified(address)) return "UNSPEC";
    const found = this.routing.ipv6.fib.lookup(this.plainQuery(address));
    if (found.kind !== "route") return "UNREACHABLE";
    if (device !== undefined && found.nextHop.device !== device) return "UNICAST";
    if (found.entry.type === "local") return "LOCAL";
    return found.entry.type === "anycast" ? "ANYCAST" : "UNICAST";
  }

  isBridge(device: string): boolean {
    return [...this.interfaces.values()].some(({ master }) => master === device);
  }

  reversePath(packet: Packet, device: string, how: ReversePathOptions): boolean {
    return hasReversePath(this.routing[packet.family], packet, device, how);
  }

  private plainQuery(destination: Address) {
    const inDevice = this.routing[familyOf(destination)].loopback;
    return { source: undefined, destination, tos: 0, mark: 0, inDevice, outDevice: undefined };
  }

  neighbour(device: string, address: Address): Uint8Array | undefined {
    const fixed = fixedLinkAddress(this.interfaces.get(device), address);
    if (fixed) return fixed;
    const { neighbours } = this.parts;
    return neighbours ? neighbours.get(device)?.get(address) : madeUpNeighbour;
  }

  sysctl(name: string): string | undefined {
    return this.settings.get(name);
  }

  selectSource(device: string, towards: Address, scope: "global" | "link" = "global"): Address | undefined {
    return typeof towards === "number"
      ? selectSource4(this.interfaces, device, towards, scope === "link" ? 253 : 0)
      : selectSource6(this.interfaces, device, towards);
  }
}
