import { LRUCache } from "lru-cache";
import { connectionStatus, type Direction, type Tuple, type Zone } from "../packet/connection.ts";
import { type Entry, opposite } from "./entry.ts";
import type { Settings } from "./settings.ts";
import { sameTuple, tupleKey } from "./tuple.ts";

export interface Found {
  readonly entry: Entry;
  readonly direction: Direction;
}

/** Buckets that early_drop looks through for an entry that may go (NF_CT_EVICTION_RANGE). */
const evictionRange = 8;

/**
 * The confirmed connections, each under both of its tuples. Entries go at the very moment their time is up; `now` is the
 * machine's clock in seconds. The cache's own bound only guards memory: `makeRoom` keeps to nf_conntrack_max before that.
 */
export class ConnectionTable {
  private readonly byTuple: LRUCache<string, Found>;
  /** Called with each entry that leaves. */
  private readonly onRemove: (entry: Entry) => void;
  private readonly bySource = new Map<string, Entry[]>();
  private readonly entries = new Set<Entry>();
  private readonly now: () => number;

  constructor(now: () => number, settings: Settings, onRemove: (entry: Entry) => void = () => {}) {
    this.now = now;
    this.onRemove = onRemove;
    const limit = 2 * (settings.max || 2 ** 22);
    this.byTuple = new LRUCache({ maxSize: limit, sizeCalculation: () => 1 });
  }

  /** The entry that has this tuple in one of its directions and is in the zone there (__nf_conntrack_find_get). */
  find(tuple: Tuple, zone: Zone): Found | undefined {
    return this.findIn("original", tuple, zone.original) ?? this.findIn("reply", tuple, zone.reply);
  }

  /**
   * The entry that has this tuple where a connection of the zone would have it in `direction`: as that one is looked up
   * there, its other direction is seen only where the zone is the same (nf_conntrack_tuple_taken, nf_conntrack_confirm).
   */
  findRival(direction: Direction, tuple: Tuple, zone: Zone): Found | undefined {
    const found = this.findIn(direction, tuple, zone[direction]);
    if (found || zone.original !== zone.reply) return found;
    const other = opposite(direction);
    return this.findIn(other, tuple, zone[other]);
  }

  private findIn(direction: Direction, tuple: Tuple, zone: number): Found | undefined {
    const found = this.byTuple.get(keyOf(direction, tuple, zone));
    if (!found) return undefined;
    if (this.isExpired(found.entry)) {
      this.remove(found.entry);
      return undefined;
    }
    return isItsOwnReply(found.entry) ? { entry: found.entry, direction: "reply" } : found;
  }

  add(entry: Entry): void {
    this.entries.add(entry);
    for (const direction of ["original", "reply"] as const) {
      const tuple = entry[direction];
      this.byTuple.set(keyOf(direction, tuple, tuple.zone), { entry, direction });
    }
    if (entry.has(connectionStatus.sourceNatDone)) {
      const key = sourceKey(entry.original);
      this.bySource.set(key, [entry, ...(this.bySource.get(key) ?? [])]);
    }
  }

  remove(entry: Entry): void {
    if (!this.entries.delete(entry)) return;
    entry.status |= connectionStatus.dying;
    for (const direction of ["original", "reply"] as const) {
      const tuple = entry[direction];
      const key = keyOf(direction, tuple, tuple.zone);
      if (this.byTuple.peek(key)?.entry === entry) this.byTuple.delete(key);
    }
    const key = sourceKey(entry.original);
    const left = (this.bySource.get(key) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.bySource.set(key, left);
    else this.bySource.delete(key);
    this.onRemove(entry);
  }

  /** Entries whose source NAT is settled and that come from the same source, youngest first (nf_nat_bysource). */
  fromSource(tuple: Tuple): readonly Entry[] {
    return (this.bySource.get(sourceKey(tuple)) ?? []).filter((entry) => !this.isExpired(entry));
  }

  /** All living entries, in no order that means anything. */
  *living(): Generator<Entry> {
    for (const entry of [...this.entries]) {
      if (this.isExpired(entry)) this.remove(entry);
      else yield entry;
    }
  }

  /**
   * Room for one more entry (early_drop, nf_conntrack_core.c): in a full table an entry that is not ASSURED gives way if one
   * lies in the few buckets that Linux looks through. Which ones those are hangs on a secret hash: `random` draws it.
   * False where the new connection's packet has to be dropped.
   */
  makeRoom({ max, buckets }: Settings, random: () => number): boolean {
    if (max === 0 || this.entries.size < max) return true;
    const living = [...this.living()];
    if (living.length < max) return true;
    const victims = living.filter((entry) => !entry.has(connectionStatus.assured));
    const chance = 1 - (1 - Math.min(1, evictionRange / buckets)) ** (2 * victims.length);
    const victim = victims[Math.floor(random() * victims.length)];
    if (!victim || random() >= chance) return false;
    this.remove(victim);
    return true;
  }

  private isExpired(entry: Entry): boolean {
    return entry.timeout <= this.now();
  }
}

/**
 * A host that talks to itself from a port to the same port: Linux comes upon the reply's tuple first, which went into the
 * chain later (__nf_conntrack_hash_insert).
 */
const isItsOwnReply = ({ original, reply }: Entry): boolean => sameTuple(original, reply);

const keyOf = (direction: Direction, tuple: Tuple, zone: number): string =>
  `${direction} ${tupleKey({ ...tuple, zone })}`;

const sourceKey = ({ protocol, source, sourcePort, zone }: Tuple): string =>
  `${protocol} ${source} ${sourcePort} ${zone}`;
