import type { Address } from "./address.ts";
import type { Connection, Tuple, Zone } from "./connection.ts";
import type { HostSets } from "./host-sets.ts";
import type { Packet } from "./packet.ts";

export const hooks = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"] as const;
export type Hook = (typeof hooks)[number];

/** Address types as `-m addrtype` names them (RTN_* in rtnetlink.h, without the ones iptables has no use for). */
export type AddressType =
  | "UNSPEC"
  | "UNICAST"
  | "LOCAL"
  | "BROADCAST"
  | "ANYCAST"
  | "MULTICAST"
  | "BLACKHOLE"
  | "UNREACHABLE"
  | "PROHIBIT"
  | "THROW"
  | "NAT"
  | "XRESOLVE";

/** How `-m rpfilter` asks. */
export interface ReversePathOptions {
  readonly loose: boolean;
  readonly validMark: boolean;
  readonly acceptLocal: boolean;
}

/** What a formula may ask besides the packet. The machine gives it; nothing here reads a real clock or a real host. */
export interface World {
  /** Seconds since 1970, with fractions. */
  readonly now: number;
  /** Minutes that local time is ahead of UTC, for `-m time --kerneltz`. */
  readonly timeZoneMinutes: number;
  /** The type of an address in the host's tables; with `device`, in respect of that interface only. */
  addressType(address: Address, device: string | undefined): AddressType;
  /** The group of an interface; `undefined` where nobody told it. */
  deviceGroup?(device: string): number | undefined;
  /** Whether the interface is a bridge, or may be one; `undefined` where nobody told the host's interfaces. */
  isBridge?(device: string): boolean | undefined;
  /** Whether the way back to a received packet's sender is one that `-m rpfilter` accepts; `undefined` where no route is known. */
  reversePath?(packet: Packet, device: string, how: ReversePathOptions): boolean | undefined;
  /** State shared by all rules under one name, e.g. a `recent` list: made at the first call. */
  shared<T>(name: string, make: () => T): T;
  /** True while conntrack still holds an entry that this packet's or the given tuple belongs to; connlimit prunes by it. */
  readonly connections: ConnectionLookup;
  /** Absent where nobody told which ipsets the host has. */
  readonly sets?: HostSets | undefined;
  /** A number in [0, 1): the seeded source of what the kernel draws at random. */
  random(): number;
  /** Whether a match that the kernel draws holds this time; `probability` is how likely that is, 0 to 1. */
  chance(probability: number): boolean;
  /** Notes that the answer rests on something that is not modelled. The text names it. */
  assume(text: string): void;
}

/** The part of the conntrack table that matches may ask. */
export interface ConnectionLookup {
  /**
   * The entry that has this tuple in one of its directions and is in the zone there, `undefined` where there is none (any
   * more) (nf_conntrack_find_get).
   */
  find(
    tuple: Tuple,
    zone: Zone,
  ):
    | {
        readonly zone: Zone;
        readonly protocol: number;
        readonly tcpState: string | undefined;
        readonly confirmed: boolean;
      }
    | undefined;
  /**
   * The tuple that a packet's headers give (nf_ct_get_tuplepr) and its zone, the one that `-j CT` wants or the default one,
   * with the confirmed entry that has the tuple in either direction; `undefined` where the headers give none. For packets
   * that conntrack does not track, or has not looked at yet.
   */
  lookUp?(
    packet: Packet,
  ): { readonly tuple: Tuple; readonly zone: Zone; readonly connection: Connection | undefined } | undefined;
}

/** One packet at one hook: what a rule is evaluated on. One object serves a whole walk; the machine changes its fields. */
export interface Context {
  packet: Packet;
  hook: Hook;
  inDevice: string | undefined;
  outDevice: string | undefined;
  readonly world: World;
  /** Who evaluates the rules; absent is legacy. */
  readonly backend?: "legacy" | "nft";
  /** Set by a match that finds the packet malformed: the packet is dropped at once (xt_action_param.hotdrop). */
  hotdrop: boolean;
}
