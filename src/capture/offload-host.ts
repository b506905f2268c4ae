import type { Host, NetworkInterface, Route, RouteQuery } from "../host/host.ts";
import { HostBehind } from "../host/host-behind.ts";

/** The longest IP packet. */
const longest = 65535;

/**
 * A host whose network cards cut and merge packets: one that is longer than its link's MTU when it is captured is cut behind
 * the capture (TSO), or was merged before it (GRO), and no MTU on its way stops it (skb_is_gso). Rules see it and count it whole.
 */
export class OffloadHost extends HostBehind {
  /** The interfaces as such a packet meets them; `undefined` for any other packet. */
  private lifted: Host["interfaces"] | undefined;

  /** A packet of so many bytes was captured on a device: it and what follows from it meets the host like this. */
  meet(device: NetworkInterface | undefined, bytes: number): void {
    const isOffloaded = bytes > (device?.mtu ?? longest);
    this.lifted = isOffloaded
      ? new Map([...this.behind.interfaces].map(([name, one]) => [name, { ...one, mtu: longest }]))
      : undefined;
  }

  override get interfaces(): Host["interfaces"] {
    return this.lifted ?? this.behind.interfaces;
  }

  override route(query: RouteQuery): Route {
    const route = this.behind.route(query);
    return this.lifted && "mtu" in route ? { ...route, mtu: longest } : route;
  }
}
