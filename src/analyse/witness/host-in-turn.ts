import type { Host, NetworkInterface, Route, RouteQuery } from "../../host/host.ts";
import type { Address } from "../../packet/address.ts";
import type { AddressType } from "../../packet/context.ts";

/** One machine, one host after the other: each story has a host of its own. */
export class HostInTurn implements Host {
  current: Host;

  constructor(first: Host) {
    this.current = first;
  }

  get interfaces(): ReadonlyMap<string, NetworkInterface> {
    return this.current.interfaces;
  }

  get assumptions(): readonly string[] {
    return this.current.assumptions;
  }

  route(query: RouteQuery): Route {
    return this.current.route(query);
  }

  addressType(address: Address, device: string | undefined): AddressType {
    return this.current.addressType(address, device);
  }

  neighbour(device: string, address: Address): Uint8Array | undefined {
    return this.current.neighbour(device, address);
  }

  sysctl(name: string): string | undefined {
    return this.current.sysctl(name);
  }

  selectSource(device: string, towards: Address, scope?: "link"): Address | undefined {
    return this.current.selectSource(device, towards, scope);
  }
}
