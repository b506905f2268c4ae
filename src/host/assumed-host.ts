import { type Address, familyOf, printAddress } from "../packet/address.ts";
import type { AddressType } from "../packet/context.ts";
import { AssumedAddresses, type AssumedPath } from "./assumed-addresses.ts";
import type { Host, NetworkInterface, Route, RouteQuery } from "./host.ts";
import { fixedLinkAddress } from "./link-address.ts";
import { isLimitedBroadcast, isLoopback, isMulticast, isUnspecified } from "./special-addresses.ts";

export type { AssumedPath } from "./assumed-addresses.ts";

/** Where a packet leaves that NAT sent elsewhere, though it was said to be for the host. No interface can have this name. */
export const unknownDevice = "(unknown)";

const mtu = 1500;
/** Locally administered (RFC 7042, 2.1). */
const madeUpNeighbour = Uint8Array.of(2, 0, 0, 0, 0, 0xfe);

/**
 * A host that nobody described: its routes and addresses are read off the packets that will meet it.
 * The assumptions name what was concluded and grow with what later answers had to make up.
 */
export const assumedHost = (paths: readonly AssumedPath[]): Host => new AssumedHost(paths);

class AssumedHost implements Host {
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  private readonly paths: readonly AssumedPath[];
  private readonly addresses: AssumedAddresses;
  private readonly told = new Set<string>();

  constructor(paths: readonly AssumedPath[]) {
    this.paths = paths;
    this.addresses = new AssumedAddresses(paths, unknownDevice);
    this.interfaces = this.addresses.interfaces;
    this.tell(
      "no snapshot of the host: routes are read off -i and -o, every source and neighbour is accepted",
    );
    for (const path of paths) this.tellPath(path);
  }

  get assumptions(): readonly string[] {
    return [...this.told];
  }

  private tell(text: string): void {
    this.told.add(text);
  }

  private tellPath({ inDevice, outDevice, destination }: AssumedPath): void {
    if (inDevice !== undefined && outDevice !== undefined) {
      this.tell(`the host forwards from ${inDevice} to ${outDevice}, for both are given`);
    } else if (inDevice !== undefined && this.addresses.isOwn(destination)) {
      this.tell(`${printAddress(destination)} is an address of the host, for -i is given and no -o`);
    }
  }

  route(query: RouteQuery): Route {
    const { inDevice } = query;
    return inDevice === undefined ? this.routeOutput(query) : this.routeInput(query, inDevice);
  }

  private routeInput({ destination }: RouteQuery, inDevice: string): Route {
    if (isMulticast(destination) || isLimitedBroadcast(destination)) {
      return { kind: "broadcast", device: inDevice, why: "a broadcast or multicast address" };
    }
    if (this.addresses.isOwn(destination)) {
      return {
        kind: "local",
        device: inDevice,
        why: `${printAddress(destination)} is taken as the host's own`,
      };
    }
    const outDevice = this.outOf(inDevice, destination);
    if (outDevice === undefined) {
      return { kind: "local", device: inDevice, why: "nothing says where else it should go" };
    }
    if (outDevice === unknownDevice) {
      this.tell(
        `${printAddress(destination)} is no address of the host: the packet is forwarded out of an interface that nobody named, shown as ${unknownDevice}; give -o, or a snapshot`,
      );
    }
    return this.wayOut(outDevice, destination, `from ${inDevice} to ${outDevice}, as assumed`);
  }

  /** The interface that packets from `inDevice` leave by; packets that come back take the way in reverse. */
  private outOf(inDevice: string, destination: Address): string | undefined {
    const there = this.paths.filter((path) => path.inDevice === inDevice && path.outDevice !== undefined);
    const back = this.paths.filter(
      (path) => path.inDevice !== undefined && (path.outDevice ?? unknownDevice) === inDevice,
    );
    const found =
      there.find((path) => path.destination === destination)?.outDevice ??
      back.find((path) => path.source === destination)?.inDevice ??
      there[0]?.outDevice ??
      back[0]?.inDevice;
    if (found !== undefined) return found;
    return this.paths.some((path) => path.inDevice === inDevice) ? unknownDevice : undefined;
  }

  private routeOutput({ destination, source }: RouteQuery): Route {
    if (this.addresses.isOwn(destination) || isUnspecified(destination)) {
      const why = `${printAddress(destination)} is taken as the host's own`;
      return { kind: "local", device: "lo", preferredSource: destination, why };
    }
    const device = this.wayTo(destination);
    if (device === undefined) return { kind: "unreachable", icmpCode: 0, why: "no interface is named" };
    const why = `out of ${device}, as assumed`;
    const preferredSource = this.addresses.of(device, familyOf(destination));
    if (isLimitedBroadcast(destination)) return { kind: "broadcast", device, preferredSource, why };
    if (source === undefined && preferredSource !== undefined) this.tellAddress(device, preferredSource);
    return isMulticast(destination)
      ? { kind: "multicast", device, nextHop: destination, preferredSource, mtu, why }
      : this.wayOut(device, destination, why);
  }

  /** Answers go back where the question came from; other packets take the interface that is named for them. */
  private wayTo(destination: Address): string | undefined {
    const { paths } = this;
    return (
      paths.find((path) => path.inDevice === undefined && path.destination === destination)?.outDevice ??
      paths.find((path) => path.source === destination)?.inDevice ??
      paths.find((path) => path.destination === destination)?.outDevice ??
      paths.find((path) => path.inDevice === undefined)?.outDevice ??
      paths.find((path) => path.outDevice !== undefined)?.outDevice ??
      paths[0]?.inDevice
    );
  }

  private wayOut(device: string, destination: Address, why: string): Route {
    const preferredSource = this.addresses.of(device, familyOf(destination));
    return { kind: "unicast", device, nextHop: destination, preferredSource, mtu, why };
  }

  addressType(address: Address, _device: string | undefined): AddressType {
    if (isMulticast(address)) return "MULTICAST";
    if (isLimitedBroadcast(address) || address === 0) return "BROADCAST";
    if (address === 0n) return "UNSPEC";
    return this.addresses.isOwn(address) || isLoopback(address) ? "LOCAL" : "UNICAST";
  }

  neighbour(device: string, address: Address): Uint8Array | undefined {
    return fixedLinkAddress(this.interfaces.get(device), address) ?? madeUpNeighbour;
  }

  sysctl(_name: string): undefined {
    return undefined;
  }

  selectSource(device: string, towards: Address): Address | undefined {
    const address = this.addresses.of(device, familyOf(towards));
    if (address !== undefined) this.tellAddress(device, address);
    return address;
  }

  private tellAddress(device: string, address: Address): void {
    if (this.addresses.isMadeUp(address)) {
      this.tell(`the address of ${device} is not known: ${printAddress(address)} is made up for it`);
    }
  }
}
