import type { Host } from "../host/host.ts";
import type { Address } from "../packet/address.ts";
import type { AddressType, ConnectionLookup, ReversePathOptions, World } from "../packet/context.ts";
import type { HostSets } from "../packet/host-sets.ts";
import type { Packet } from "../packet/packet.ts";

/** The machine's own World: a clock that only the machine moves, a host, and what rules remember together. */
export class MachineWorld implements World {
  now: number;
  readonly timeZoneMinutes: number;
  /** Set by the machine once it knows whether the rule set turns conntrack on. */
  connections: ConnectionLookup = { find: () => undefined };
  /** Set by the machine where it was told which ipsets the host has. */
  sets: HostSets | undefined;
  /** What the packet now under way rests on; the machine empties it before each packet. */
  readonly assumptions = new Set<string>();
  private readonly host: Host;
  private readonly sharedStates = new Map<string, unknown>();
  private seed: number;

  constructor(host: Host, now: number, options: { readonly seed: number; readonly timeZoneMinutes: number }) {
    this.host = host;
    this.now = now;
    this.seed = options.seed >>> 0;
    this.timeZoneMinutes = options.timeZoneMinutes;
  }

  addressType(address: Address, device: string | undefined): AddressType {
    return this.host.addressType(address, device);
  }

  deviceGroup(device: string): number | undefined {
    return this.host.interfaces.get(device)?.group;
  }

  isBridge(device: string): boolean | undefined {
    return this.host.isBridge?.(device);
  }

  reversePath(packet: Packet, device: string, how: ReversePathOptions): boolean | undefined {
    return this.host.reversePath?.(packet, device, how);
  }

  shared<T>(name: string, make: () => T): T {
    if (!this.sharedStates.has(name)) this.sharedStates.set(name, make());
    // each name is asked with one type only: the extension that owns the name's prefix
    return this.sharedStates.get(name) as T;
  }

  /** mulberry32: small, seeded, good enough for what the kernel draws from get_random_u32. */
  random(): number {
    this.seed = (this.seed + 0x6d2b79f5) >>> 0;
    let t = this.seed;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  assume(text: string): void {
    this.assumptions.add(text);
  }
}
