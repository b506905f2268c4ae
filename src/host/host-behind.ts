import type { Address } from "../packet/address.ts";
import type { AddressType, ReversePathOptions } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import type { Host, NetworkInterface, Route, RouteQuery } from "./host.ts";

/**
 * A host that answers as another one does: what changes only some answers extends it. `Required`: members that a host may
 * leave out are passed on like all others, and one that is added to `Host` does not compile before it is.
 */
export class HostBehind implements Required<Host> {
  protected behind: Host;

  constructor(behind: Host) {
    this.behind = behind;
  }

  get interfaces(): ReadonlyMap<string, NetworkInterface> {
    return this.behind.interfaces;
  }

  get assumptions(): readonly string[] {
    return this.behind.assumptions;
  }

  route(query: RouteQuery): Route {
    return this.behind.route(query);
  }

  addressType(address: Address, device: string | undefined): AddressType {
    return this.behind.addressType(address, device);
  }

  isBridge(device: string): boolean | undefined {
    return this.behind.isBridge?.(device);
  }

  reversePath(packet: Packet, device: string, how: ReversePathOptions): boolean | undefined {
    return this.behind.reversePath?.(packet, device, how);
  }

  neighbour(device: string, address: Address): Uint8Array | undefined {
    return this.behind.neighbour(device, address);
  }

  sysctl(name: string): string | undefined {
    return this.behind.sysctl(name);
  }

  selectSource(device: string, towards: Address, scope?: "link"): Address | undefined {
    return this.behind.selectSource(device, towards, scope);
  }
}
