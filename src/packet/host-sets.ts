import type { Address } from "./address.ts";
import type { Context } from "./context.ts";

/** Addresses from the first to the second one. */
export type AddressRange = readonly [low: Address, high: Address];

/** The end of the packet that a dimension of a set is taken from. */
export type SetDirection = "src" | "dst";

/** A set as a rule names it. */
export interface SetReference {
  readonly name: string;
  /** One for each dimension, in order; more are not looked at, with fewer nothing is in the set. */
  readonly directions: readonly SetDirection[];
}

export interface CounterTest {
  readonly is: "eq" | "ne" | "lt" | "gt";
  readonly value: bigint;
}

/** How `-m set` asks. */
export interface SetTest {
  /** Packets in a `nomatch` network are the ones that match (IPSET_FLAG_RETURN_NOMATCH). */
  readonly returnNomatch?: boolean;
  /** The entry's counters stay as they are. */
  readonly keepCounters?: boolean;
  /** Those of a list's members do. */
  readonly keepSubcounters?: boolean;
  readonly packets?: CounterTest | undefined;
  readonly bytes?: CounterTest | undefined;
}

/** What an entry gives to packets (struct ip_set_skbinfo); zeros where the set has none. */
export interface SetMapping {
  readonly mark: number;
  readonly markMask: number;
  readonly priority: number;
  readonly queue: number;
}

/** The host's ipsets, as rules use them. A set that does not exist holds nothing and takes nothing. */
export interface HostSets {
  /** Whether packets or time can change what the set holds or counts; `undefined` where there is no such set. */
  changes(name: string): boolean | undefined;
  /**
   * The addresses that a set of one dimension holds, sorted and apart, where nothing can change them; `undefined` for any
   * other set. For who reads rules as sets of packets: a machine asks `test`.
   */
  ranges?(name: string): readonly AddressRange[] | undefined;
  /** What the packet's entry gives; `undefined` where the packet is not in the set. */
  test(set: SetReference, context: Context, how: SetTest): SetMapping | undefined;
  /** Puts the packet's element into the set; `timeout` in seconds, the set's own unless told. True where the set changed. */
  add(
    set: SetReference,
    context: Context,
    how: { readonly exist: boolean; readonly timeout: number | undefined },
  ): boolean;
  /** Takes the packet's element out. True where it was there. */
  remove(set: SetReference, context: Context): boolean;
}
