import type { Host } from "../host/host.ts";
import type { Rule } from "../model/ruleset.ts";
import type { Address } from "../packet/address.ts";
import type { AddressType, ConnectionLookup, ReversePathOptions, World } from "../packet/context.ts";
import type { HostSets } from "../packet/host-sets.ts";
import type { Packet } from "../packet/packet.ts";
import type { DecideDraw } from "./draws.ts";
import type { RulePlace } from "./trace.ts";

export interface WorldOptions {
  /** Where random numbers start; 1 unless told. */
  readonly seed: number | undefined;
  readonly timeZoneMinutes: number;
  /** Decides what is drawn in place of the seed. */
  readonly decideDraw?: DecideDraw | undefined;
}

const isOpen = (probability: number): boolean => probability > 0 && probability < 1;

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
  private readonly isSeedTold: boolean;
  private readonly decideDraw: DecideDraw | undefined;
  private seed: number;

  constructor(host: Host, now: number, options: WorldOptions) {
    this.host = host;
    this.now = now;
    this.isSeedTold = options.seed !== undefined;
    this.seed = (options.seed ?? 1) >>> 0;
    this.timeZoneMinutes = options.timeZoneMinutes;
    this.decideDraw = options.decideDraw;
  }

  /** This world as a rule sees it: what its matches draw is known to be drawn there. Edits move rules: `place` is asked then. */
  seenFrom(rule: Rule, place: () => RulePlace): World {
    const { decideDraw } = this;
    if (!decideDraw) return this;
    const decide = (probability: number): boolean =>
      isOpen(probability) ? decideDraw({ ...place(), rule, probability }) : probability === 1;
    // the seed stays this world's own
    return Object.create(this, { chance: { value: decide }, random: { value: () => this.random() } });
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

  chance(probability: number): boolean {
    if (isOpen(probability) && !this.isSeedTold) {
      this.assume("`--mode random` is drawn, from a seed of netverdict's own: the kernel may draw otherwise");
    }
    return this.random() < probability;
  }

  assume(text: string): void {
    this.assumptions.add(text);
  }
}
