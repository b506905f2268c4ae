import { connectionStatus, type Direction, type Tuple, type Zone } from "../packet/connection.ts";
import { type Entry, opposite } from "./entry.ts";
import type { Settings } from "./settings.ts";
import { hashTuple, sameFlow, sameTuple } from "./tuple.ts";

export interface Found {
  readonly entry: Entry;
  readonly direction: Direction;
}

/** One direction of an entry in the table, and the next one under the same hash. */
interface Link extends Found {
  readonly tuple: Tuple;
  next: Link | undefined;
}

const directions = ["original", "reply"] as const;

/** Buckets that early_drop looks through for an entry that may go (NF_CT_EVICTION_RANGE). */
const evictionRange = 8;

/**
 * The confirmed connections, each under both of its tuples. Entries go at the very moment their time is up; `now` is the
 * machine's clock in seconds. What bounds the table is `makeRoom`, by nf_conntrack_max.
 */
export class ConnectionTable {
  /** The first link of each hash. */
  private readonly links = new Map<number, Link>();
  /** Called with each entry that leaves. */
  private readonly onRemove: (entry: Entry) => void;
  private readonly bySource = new Map<string, Entry[]>();
  private readonly entries = new Set<Entry>();
  private readonly now: () => number;

  constructor(now: () => number, onRemove: (entry: Entry) => void = () => {}) {
    this.now = now;
    this.onRemove = onRemove;
  }

  /** The entry that has this tuple in one of its directions and is in the zone there (__nf_conntrack_find_get). */
  find(tuple: Tuple, zone: Zone): Found | undefined {
    const hash = hashTuple(tuple);
    return (
      this.findIn(hash, "original", tuple, zone.original) ?? this.findIn(hash, "reply", tuple, zone.reply)
    );
  }

  /**
   * The entry that has this tuple where a connection of the zone would have it in `direction`: as that one is looked up
   * there, its other direction is seen only where the zone is the same (nf_conntrack_tuple_taken, nf_conntrack_confirm).
   */
  findRival(direction: Direction, tuple: Tuple, zone: Zone): Found | undefined {
    const hash = hashTuple(tuple);
    const found = this.findIn(hash, direction, tuple, zone[direction]);
    if (found || zone.original !== zone.reply) return found;
    const other = opposite(direction);
    return this.findIn(hash, other, tuple, zone[other]);
  }

  private findIn(hash: number, direction: Direction, tuple: Tuple, zone: number): Found | undefined {
    let link = this.links.get(hash);
    while (link && !isLink(link, direction, tuple, zone)) link = link.next;
    if (!link) return undefined;
    const { entry } = link;
    if (this.isExpired(entry)) {
      this.remove(entry);
      return undefined;
    }
    return direction === "original" && isItsOwnReply(entry) ? { entry, direction: "reply" } : link;
  }

  add(entry: Entry): void {
    this.entries.add(entry);
    for (const direction of directions) {
      const tuple = entry[direction];
      const hash = hashTuple(tuple);
      const next = without(this.links.get(hash), (link) => isLink(link, direction, tuple, tuple.zone));
      this.links.set(hash, { entry, direction, tuple, next });
    }
    if (entry.has(connectionStatus.sourceNatDone)) {
      const key = sourceKey(entry.original);
      this.bySource.set(key, [entry, ...(this.bySource.get(key) ?? [])]);
    }
  }

  remove(entry: Entry): void {
    if (!this.entries.delete(entry)) return;
    entry.status |= connectionStatus.dying;
    for (const direction of directions) this.unlink(entry, direction);
    this.forgetSource(entry);
    this.onRemove(entry);
  }

  private unlink(entry: Entry, direction: Direction): void {
    const hash = hashTuple(entry[direction]);
    const rest = without(
      this.links.get(hash),
      (link) => link.entry === entry && link.direction === direction,
    );
    if (rest) this.links.set(hash, rest);
    else this.links.delete(hash);
  }

  private forgetSource(entry: Entry): void {
    if (!entry.has(connectionStatus.sourceNatDone)) return;
    const key = sourceKey(entry.original);
    const left = (this.bySource.get(key) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.bySource.set(key, left);
    else this.bySource.delete(key);
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

/** Whether a link is the direction's of a connection that has this tuple in the zone. */
const isLink = (link: Link, direction: Direction, tuple: Tuple, zone: number): boolean =>
  link.direction === direction && link.tuple.zone === zone && sameFlow(link.tuple, tuple);

/** Takes the first link that has to go out of a list, and gives what is left. */
function without(first: Link | undefined, hasToGo: (link: Link) => boolean): Link | undefined {
  if (!first || hasToGo(first)) return first?.next;
  for (let link = first; link.next; link = link.next) {
    if (!hasToGo(link.next)) continue;
    link.next = link.next.next;
    break;
  }
  return first;
}

/**
 * A host that talks to itself from a port to the same port: Linux comes upon the reply's tuple first, which went into the
 * chain later (__nf_conntrack_hash_insert).
 */
const isItsOwnReply = ({ original, reply }: Entry): boolean => sameTuple(original, reply);

const sourceKey = ({ protocol, source, sourcePort, zone }: Tuple): string =>
  `${protocol} ${source} ${sourcePort} ${zone}`;
