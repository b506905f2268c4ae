import type { Part } from "./part.ts";

/** What an element carries besides itself; sets that were made without an extension ignore it. */
export interface EntryExtensions {
  /** An exception: a packet that falls into this network is not in the set. */
  readonly nomatch: boolean;
  /** Seconds from when the entry is added; 0 is for ever. */
  readonly timeout: number;
  /** `undefined`: not told. An element that is there already then keeps its own (ip_set_init_counter), a new one has 0. */
  readonly packets: number | undefined;
  readonly bytes: number | undefined;
  readonly comment: string | undefined;
  /** skbinfo: what `SET --map-set` gives to packets (struct ip_set_skbinfo). */
  readonly mark: number;
  readonly markMask: number;
  /** `major << 16 | minor` of a queueing class. */
  readonly priority: number;
  readonly queue: number;
}

export const plainEntry: EntryExtensions = {
  nomatch: false,
  timeout: 0,
  packets: undefined,
  bytes: undefined,
  comment: undefined,
  mark: 0,
  markMask: 0,
  priority: 0,
  queue: 0,
};

/** What an entry carries besides its element. */
export interface CarriedByEntry extends Omit<EntryExtensions, "timeout" | "packets" | "bytes"> {
  /** The tick after which it is no more; `undefined` is for ever. */
  readonly expires: number | undefined;
  readonly packets: number;
  readonly bytes: number;
}

/** An entry of a set as it is listed. */
export interface SetEntry extends CarriedByEntry {
  readonly parts: readonly Part[];
}
