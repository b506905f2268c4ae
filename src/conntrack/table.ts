import { connectionStatus, type Direction, type Tuple, type Zone } from "../packet/connection.ts";
import { Chains } from "./chains.ts";
import type { Entry } from "./entry.ts";
import { SourceIndex } from "./nat/source-index.ts";
import { hashPacked, type PackedTuple, packTuple, samePacked } from "./packed-tuple.ts";
import { Population } from "./population.ts";
import type { Settings } from "./settings.ts";
import { Records } from "./tcp/records.ts";

export interface Found {
  readonly entry: Entry;
  readonly direction: Direction;
}

/** Entries whose time one packet checks in a full table. */
const sweepSize = 16;

/** Buckets that early_drop looks through for an entry that may go (NF_CT_EVICTION_RANGE). */
const evictionRange = 8;

/**
 * The confirmed connections, each under both of its tuples. Entries go at the very moment their time is up; `now` is the
 * machine's clock in seconds. What bounds the table is `makeRoom`, by nf_conntrack_max.
 */
export class ConnectionTable {
  private readonly chains: Readonly<Record<Direction, Chains>> = {
    original: new Chains({
      hash: hashPacked,
      next: (entry) => entry.nextByOriginal,
      setNext: (entry, next) => {
        entry.nextByOriginal = next;
      },
    }),
    reply: new Chains({
      hash: (entry) => hashPacked(entry.packedReply),
      next: (entry) => entry.nextByReply,
      setNext: (entry, next) => {
        entry.nextByReply = next;
      },
    }),
  };
  private readonly population = new Population();
  private readonly tcpRecords = new Records();
  /** Called with each entry that leaves. */
  private readonly onRemove: (entry: Entry) => void;
  private readonly sources = new SourceIndex();
  private readonly now: () => number;
  private added = 0;
  /** Of connections whose directions are in different zones, one may begin with the tuple that answers another. */
  private hasSplitZones = false;

  constructor(now: () => number, onRemove: (entry: Entry) => void = () => {}) {
    this.now = now;
    this.onRemove = onRemove;
  }

  /** The entry that has this tuple in one of its directions and is in the zone there (__nf_conntrack_find_get). */
  find(tuple: Tuple, zone: Zone): Found | undefined {
    const packed = packTuple(tuple);
    const hash = hashPacked(packed);
    const original = this.findOriginal(packed, hash, zone.original);
    // the zone's number picks Linux's chain: where the directions have different ones, the original's is searched first
    if (original && (!this.hasSplitZones || zone.original !== zone.reply)) return original;
    const reply = this.findReply(packed, hash, zone.reply);
    if (!original || !reply) return original ?? reply;
    // the one that came last stands first in Linux's chain
    return reply.entry.serial > original.entry.serial ? reply : original;
  }

  /**
   * The entry that has this tuple where a connection of the zone would have it in `direction`: as that one is looked up
   * there, its other direction is seen only where the zone is the same (nf_conntrack_tuple_taken, nf_conntrack_confirm).
   */
  findRival(direction: Direction, tuple: Tuple, zone: Zone): Found | undefined {
    return this.rivalOf(direction, packTuple(tuple), zone);
  }

  /** Whether other connections have one of the entry's tuples already, as `findRival` sees them. */
  hasRivalOf(entry: Entry): boolean {
    const { packedReply, zone } = entry;
    return (this.rivalOf("original", entry, zone) ?? this.rivalOf("reply", packedReply, zone)) !== undefined;
  }

  private rivalOf(direction: Direction, packed: PackedTuple, zone: Zone): Found | undefined {
    const hash = hashPacked(packed);
    const { original, reply } = zone;
    if (direction === "original") {
      const found = this.findOriginal(packed, hash, original);
      return found || original !== reply ? found : this.findReply(packed, hash, reply);
    }
    const found = this.findReply(packed, hash, reply);
    return found || original !== reply ? found : this.findOriginal(packed, hash, original);
  }

  private findOriginal(tuple: PackedTuple, hash: number, zone: number): Found | undefined {
    let entry = this.chains.original.first(hash);
    while (entry && !(samePacked(entry, tuple) && entry.zone.original === zone)) entry = entry.nextByOriginal;
    if (!entry || !this.keeps(entry)) return undefined;
    return { entry, direction: isItsOwnReply(entry) ? "reply" : "original" };
  }

  private findReply(tuple: PackedTuple, hash: number, zone: number): Found | undefined {
    let entry = this.chains.reply.first(hash);
    while (entry && !(entry.isAnsweredBy(tuple) && entry.zone.reply === zone)) entry = entry.nextByReply;
    return entry && this.keeps(entry) ? { entry, direction: "reply" } : undefined;
  }

  add(entry: Entry): void {
    entry.serial = this.added++;
    this.hasSplitZones ||= entry.zone.original !== entry.zone.reply;
    this.population.add(entry);
    entry.tcp?.moveTo(this.tcpRecords);
    this.chains.original.add(entry);
    this.chains.reply.add(entry);
    if (entry.has(connectionStatus.sourceNatDone)) this.sources.add(entry);
  }

  remove(entry: Entry): void {
    if (!this.population.has(entry)) return;
    this.population.remove(entry);
    entry.tcp?.moveFrom(this.tcpRecords);
    entry.status |= connectionStatus.dying;
    this.chains.original.remove(entry);
    this.chains.reply.remove(entry);
    if (entry.has(connectionStatus.sourceNatDone)) this.sources.remove(entry);
    this.onRemove(entry);
  }

  /** Entries whose source NAT is settled and that come from the same source, youngest first (nf_nat_bysource). */
  *fromSource(tuple: Tuple): Generator<Entry> {
    for (const entry of this.sources.from(tuple)) if (!this.isExpired(entry)) yield entry;
  }

  /** All living entries, in no order that means anything. */
  *living(): Generator<Entry> {
    for (const entry of this.population.all()) if (this.keeps(entry)) yield entry;
  }

  /**
   * Room for one more entry (early_drop, nf_conntrack_core.c); false where the new connection's packet has to be dropped. Each
   * packet that finds the table full does the same bounded work. First it lets go what is over among the next few entries
   * in rotation, a part of what Linux's gc worker does once a second or so. If that gives no room, an entry that is not
   * ASSURED gives way if one is among as many as lie in the buckets that Linux looks through. Which ones those are hangs on
   * a secret hash: `random` draws each. Linux takes whole neighbouring buckets, and all that may go from the first bucket
   * that has any, where this takes one entry.
   */
  makeRoom({ max, buckets }: Settings, random: () => number): boolean {
    const { population } = this;
    if (max === 0 || population.size < max) return true;
    for (let looks = Math.min(sweepSize, population.size); looks > 0; looks--) {
      const entry = population.next();
      if (entry) this.keeps(entry);
    }
    return population.size < max || this.dropEarly(buckets, random);
  }

  private dropEarly(buckets: number, random: () => number): boolean {
    const { size } = this.population;
    // where Linux looks into every bucket it comes upon all entries; else a part of a look is the chance of one more
    const isAll = buckets <= evictionRange;
    const looks = isAll ? size : Math.floor((2 * size * evictionRange) / buckets + random());
    for (let look = 0; look < looks; look++) {
      const entry = this.population.at(isAll ? look : Math.floor(random() * size));
      if (!entry || (entry.has(connectionStatus.assured) && !this.isExpired(entry))) continue;
      this.remove(entry);
      return true;
    }
    return false;
  }

  /** Whether the entry's time is not up; if it is, the entry leaves. */
  private keeps(entry: Entry): boolean {
    if (!this.isExpired(entry)) return true;
    this.remove(entry);
    return false;
  }

  private isExpired(entry: Entry): boolean {
    return entry.timeout <= this.now();
  }
}

/**
 * A host that talks to itself from a port to the same port: Linux comes upon the reply's tuple first, which went into the
 * chain later (__nf_conntrack_hash_insert).
 */
const isItsOwnReply = (entry: Entry): boolean =>
  entry.zone.original === entry.zone.reply && entry.isAnsweredBy(entry);
