import type { Host, NetworkInterface, Route, RouteQuery } from "../host/host.ts";
import { fixedLinkAddress } from "../host/link-address.ts";
import { isLimitedBroadcast, isLoopback, isMulticast, isUnspecified } from "../host/special-addresses.ts";
import { type Address, familyOf, printAddress } from "../packet/address.ts";
import type { AddressType } from "../packet/context.ts";

const madeUpNeighbour = Uint8Array.of(2, 0, 0, 0, 0, 0xfe);
const mtu = 1500;

/** What is known of the host where there is no snapshot. */
export interface CaptureHostSettings {
  /** The host's own addresses, as far as somebody named them. */
  readonly addresses: readonly Address[];
  /** Where packets leave that are not for the host. */
  readonly outDevice: string | undefined;
}

/**
 * A host that only its captures describe. A received packet is for the host, unless there is an interface to forward it to
 * and the host's addresses do not have its destination; what the host sends leaves where it was captured.
 */
export class CaptureHost implements Host {
  readonly interfaces = new Map<string, NetworkInterface>();
  /** The interface that the packet under way was captured on. */
  captured = "";
  private readonly own: Set<Address>;
  private readonly outDevice: string | undefined;
  private readonly told = new Set<string>();

  constructor({ addresses, outDevice }: CaptureHostSettings) {
    this.own = new Set(addresses);
    this.outDevice = outDevice;
    this.addInterface("lo", undefined, []);
    if (outDevice !== undefined) this.addInterface(outDevice, undefined, []);
    this.told.add(
      "no snapshot of the host: every source and neighbour is accepted, sysctls have their usual values",
    );
    this.told.add(
      outDevice !== undefined
        ? `received packets that are not for an address of the host are forwarded to ${outDevice}`
        : "every received packet is for the host",
    );
  }

  get assumptions(): readonly string[] {
    return [...this.told];
  }

  /** An interface that a capture was taken on; what one knows of it is added to what is there. */
  addInterface(name: string, mac: Uint8Array | undefined, addresses: readonly Address[]): void {
    const known = this.interfaces.get(name);
    for (const address of addresses) this.own.add(address);
    const loopback = name === "lo";
    this.interfaces.set(name, {
      name,
      index: known?.index ?? this.interfaces.size + 1,
      mac: loopback ? new Uint8Array(6) : (mac ?? known?.mac),
      mtu: loopback ? 65536 : mtu,
      up: true,
      loopback,
      addresses: [...(known?.addresses ?? []), ...addresses.map(alone)],
    });
  }

  isOwn(address: Address): boolean {
    return this.own.has(address) || isLoopback(address);
  }

  route(query: RouteQuery): Route {
    const { destination, inDevice } = query;
    const device = inDevice ?? query.outDevice ?? this.captured;
    if (isMulticast(destination) || isLimitedBroadcast(destination)) {
      return { kind: "broadcast", device, why: "a broadcast or multicast address" };
    }
    if (inDevice === undefined) {
      if (this.isOwn(destination) || isUnspecified(destination)) {
        const why = `${printAddress(destination)} is the host's own`;
        return { kind: "local", device: "lo", preferredSource: destination, why };
      }
      return this.wayOut(device, destination);
    }
    if (this.isOwn(destination) || this.outDevice === undefined) {
      return { kind: "local", device, why: `${printAddress(destination)} is taken as the host's own` };
    }
    return this.wayOut(this.outDevice === device ? this.otherThan(device) : this.outDevice, destination);
  }

  /** Answers to what was forwarded go back to where it came from: to the other interface. */
  private otherThan(device: string): string {
    return [...this.interfaces.keys()].find((name) => name !== "lo" && name !== device) ?? device;
  }

  private wayOut(device: string, destination: Address): Route {
    const preferredSource = this.selectSource(device, destination);
    return {
      kind: "unicast",
      device,
      nextHop: destination,
      preferredSource,
      mtu,
      why: `out of ${device}, as assumed`,
    };
  }

  addressType(address: Address, _device: string | undefined): AddressType {
    if (isMulticast(address)) return "MULTICAST";
    if (isLimitedBroadcast(address) || address === 0) return "BROADCAST";
    if (address === 0n) return "UNSPEC";
    return this.isOwn(address) ? "LOCAL" : "UNICAST";
  }

  neighbour(device: string, address: Address): Uint8Array {
    return fixedLinkAddress(this.interfaces.get(device), address) ?? madeUpNeighbour;
  }

  sysctl(_name: string): undefined {
    return undefined;
  }

  selectSource(device: string, towards: Address): Address | undefined {
    const family = familyOf(towards);
    const ofDevice = this.interfaces.get(device)?.addresses.map(({ address }) => address) ?? [];
    return [...ofDevice, ...this.own].find((address) => familyOf(address) === family);
  }
}

const alone = (address: Address) => ({
  address,
  prefixLength: typeof address === "number" ? 32 : 128,
  broadcast: undefined,
  scope: "global",
});
