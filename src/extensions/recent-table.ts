import type { Address } from "../packet/address.ts";

/** Addresses that a table keeps (ip_list_tot); the one that was updated longest ago goes first. */
const maxEntries = 100;
/** Times that an address keeps where no rule's --hitcount says more. */
const defaultStamps = 32;

interface Entry {
  readonly address: Address;
  /** The TTL of the packet that was counted last. */
  ttl: number;
  /** Ticks at which the address was counted; a ring. */
  readonly stamps: number[];
  /** Where the next tick goes. */
  index: number;
}

/** How many times a rule with this --hitcount makes its table keep (recent_mt_check). */
export const stampsFor = (hitCount: number): number =>
  hitCount === 0 ? defaultStamps : 2 ** Math.ceil(Math.log2(hitCount));

/** One list of `-m recent`, shared by all rules that name it (net/netfilter/xt_recent.c). */
export class RecentTable {
  /** The mask of the rule that made the table: later rules' masks do not count. */
  readonly mask: Address;
  #stamps = 0;
  /** From the one updated longest ago to the newest. */
  #entries: Entry[] = [];

  constructor(mask: Address) {
    this.mask = mask;
  }

  /** Makes room for a rule's hit count; a table that grows forgets what it had. */
  reserve(stamps: number): void {
    if (stamps <= this.#stamps) return;
    this.#stamps = stamps;
    this.#entries = [];
  }

  /** The entry of an address; with `ttl` only one that has this TTL or none. */
  find(address: Address, ttl: number): Entry | undefined {
    return this.#entries.find(
      (entry) => entry.address === address && (ttl === 0 || entry.ttl === 0 || entry.ttl === ttl),
    );
  }

  add(address: Address, ttl: number, jiffies: number): void {
    if (this.#entries.length >= maxEntries) this.#entries.shift();
    this.#entries.push({ address, ttl, stamps: [jiffies], index: 1 });
  }

  update(entry: Entry, ttl: number, jiffies: number): void {
    entry.index %= this.#stamps;
    entry.stamps[entry.index++] = jiffies;
    entry.ttl = ttl;
    this.remove(entry);
    this.#entries.push(entry);
  }

  remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** Drops the entry updated longest ago if its last time is before `since`; never the one that is about to be updated. */
  reap(since: number, updating: Entry | undefined): void {
    const oldest = this.#entries[0];
    if (oldest === undefined || oldest === updating) return;
    const last = oldest.stamps[oldest.index - 1];
    if (last !== undefined && last < since) this.#entries.shift();
  }
}

/** Whether enough of an entry's times lie at or after `since`; every time counts where `since` is absent. */
export function isHit({ stamps }: Entry, since: number | undefined, hitCount: number): boolean {
  const hits = since === undefined ? stamps.length : stamps.filter((stamp) => stamp >= since).length;
  return hits >= Math.max(1, hitCount);
}
