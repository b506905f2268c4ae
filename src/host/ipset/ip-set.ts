import { hz } from "../../extensions/jiffies.ts";
import { type Address, prefixMask } from "../../packet/address.ts";
import { ElementLayout, isUnknownMac } from "./element-layout.ts";
import type { EntryColumns } from "./entry-columns.ts";
import { LookUp } from "./look-up.ts";
import { hostPrefix, type Part } from "./part.ts";
import { noRow } from "./row-index.ts";
import type { CarriedByEntry, EntryExtensions, SetEntry } from "./set-entry.ts";
import type { SetOptions } from "./set-options.ts";
import { SetRows } from "./set-rows.ts";
import type { SetType } from "./set-type.ts";

/** How adding ended: `exists` and `full` changed nothing. */
export type Added = "added" | "exists" | "full" | "evicted";

/** What is to be known of a set to read its elements. */
export type SetKind = Pick<IpSet, "type" | "options" | "mask">;

const never = Number.POSITIVE_INFINITY;

/**
 * One set, as net/netfilter/ipset keeps it. Times are ticks of the kernel's clock, kept as they are from the set's making on;
 * elements are words as `layout` has them, entries are rows.
 */
export class IpSet {
  name: string;
  readonly type: SetType;
  readonly options: SetOptions;
  readonly layout: ElementLayout;
  /** The mask that `netmask` or `bitmask` puts on addresses. */
  readonly mask: Address | undefined;
  readonly maskWords: Uint32Array | undefined;
  /** Room for an element that somebody is about to add, to look up or to take out. */
  readonly element: Uint32Array;
  readonly #lookUp: LookUp;
  #rows: SetRows;
  /** No entry expires before this tick after the set's making. */
  #soonest = never;

  readonly #madeAt: number;

  /** `madeAt`: the tick of its making, from which its garbage collector counts. */
  constructor(
    name: string,
    type: SetType,
    options: SetOptions,
    madeAt = 0,
    layout = new ElementLayout(type, options.family),
  ) {
    this.#madeAt = madeAt;
    this.name = name;
    this.type = type;
    this.options = options;
    const { bitmask, netmask, family } = options;
    this.mask = bitmask ?? (netmask === undefined ? undefined : prefixMask(family, netmask));
    this.layout = layout;
    this.maskWords = this.mask === undefined ? undefined : layout.addressOf(this.mask);
    this.element = new Uint32Array(layout.width);
    this.#lookUp = new LookUp(layout);
    this.#rows = new SetRows(layout);
  }

  get entries(): readonly SetEntry[] {
    const entries: SetEntry[] = [];
    for (let row = this.first(); row !== noRow; row = this.after(row)) entries.push(this.#listed(row));
    return entries;
  }

  #listed(row: number): SetEntry {
    const entry = this.#rows.read(row);
    if (entry.expires === undefined || this.waitsForMac(row)) return entry;
    return { ...entry, expires: this.#madeAt + entry.expires };
  }

  /** The first entry; with `after` all of them, in the order in which they are listed. */
  first(): number {
    return this.#rows.first();
  }

  after(row: number): number {
    return this.#rows.after(row);
  }

  /** The set that an entry of a list names. */
  member(row: number): string {
    return this.layout.names.name(this.#rows.word(row, 0));
  }

  /** The sets that a list names, in its order. */
  get members(): readonly string[] {
    const names: string[] = [];
    if (this.type.storage !== "list") return names;
    for (let row = this.first(); row !== noRow; row = this.after(row)) names.push(this.member(row));
    return names;
  }

  /** What entries carry. */
  get columns(): Pick<EntryColumns, "nomatch" | "packets" | "bytes" | "count" | "read"> {
    return this.#rows.columns;
  }

  /** The element of these parts, in `element`. */
  elementOf(parts: readonly Part[]): Uint32Array {
    return this.layout.encode(parts, this.element);
  }

  /** The prefix length that a packet's address is stored with: the longest there is (INIT_CIDR). */
  newPrefix(net: number): number {
    return this.#rows.prefixes(net)[0] ?? hostPrefix(this.options.family);
  }

  /** The first entry that holds an element of a packet and that `accept` takes, networks from the longest prefix on. */
  find(element: Uint32Array, accept: (row: number) => boolean): number {
    return this.#lookUp.find(this.#rows, element, accept);
  }

  /** The entry that is this element, networks as they stand. */
  exact(element: Uint32Array): number {
    return this.#lookUp.exact(this.#rows, element);
  }

  /** The MAC of a bitmap's entry that was added without one. */
  waitsForMac(row: number): boolean {
    return this.#rows.waitsForMac(row);
  }

  /** Whether an entry has the MAC of an element; only a bitmap's can have another. */
  sameMac(row: number, element: Uint32Array): boolean {
    const at = this.layout.macAt;
    if (at < 0) return true;
    return this.#rows.word(row, at) === element[at] && this.#rows.word(row, at + 1) === element[at + 1];
  }

  /** ip_set_timeout_expired (ip_set.h). */
  isExpired(row: number, tick: number): boolean {
    return this.#rows.columns.expires(row) < tick - this.#madeAt && !this.waitsForMac(row);
  }

  /**
   * Runs the garbage collector if it was due since the last time (mtype_gc): a second after the set's making, then every
   * third of the timeout. Till then a hash keeps what has expired, which does not match but has its prefix length and
   * hides shorter networks. Nothing can tell when bitmaps and lists drop it.
   */
  collect(tick: number): void {
    if (tick - this.#madeAt <= this.#soonest) return;
    this.#dropExpired(this.type.storage === "hash" ? this.#lastRun(tick) : tick);
  }

  #lastRun(tick: number): number {
    const third = Math.floor((this.options.timeout ?? 0) / 3);
    const period = Math.min(180, Math.max(1, third)) * hz;
    const first = this.#madeAt + hz;
    return first + Math.floor((tick - first) / period) * period;
  }

  #dropExpired(tick: number): void {
    if (tick - this.#madeAt <= this.#soonest) return;
    this.#soonest = never;
    for (let row = this.first(); row !== noRow; ) {
      const next = this.after(row);
      if (this.isExpired(row, tick)) {
        this.#rows.drop(row);
        // the next entry for the same network may have its row now
        if (this.#rows.has(row)) continue;
      } else this.#watch(row);
      row = next;
    }
  }

  #watch(row: number): void {
    if (!this.waitsForMac(row)) this.#soonest = Math.min(this.#soonest, this.#rows.columns.expires(row));
  }

  /**
   * Adds an element; one that is there already is written anew with `exist`, or where it has expired (mtype_add). A
   * bitmap's entry that waits for its MAC takes it in any case. `at` is the place in a list.
   */
  add(element: Uint32Array, extensions: EntryExtensions, tick: number, exist: boolean, at?: number): Added {
    const before = this.exact(element);
    const lasts = before !== noRow && !this.isExpired(before, tick);
    const learns = before !== noRow && this.waitsForMac(before) && !this.#waits(element);
    if (lasts && !learns && !exist) return "exists";
    let outcome: Added = "added";
    if (before === noRow && this.#isFull(tick)) {
      const oldest = this.options.forceAdd ? this.first() : noRow;
      if (oldest === noRow) return "full";
      this.#rows.drop(oldest);
      outcome = "evicted";
    }
    const kept = lasts ? this.#rows.columns.read(before) : undefined;
    const carried = this.#carried(extensions, element, tick, kept, learns);
    if (before !== noRow) this.#rows.rewrite(before, element, carried);
    else if (at === undefined) this.#rows.append(element, carried);
    else this.#rows.insert(element, carried, at);
    if (carried.expires !== undefined) this.#watch(this.exact(element));
    return outcome;
  }

  #waits(element: Uint32Array): boolean {
    const { macAt } = this.layout;
    return macAt >= 0 && isUnknownMac(element[macAt]!);
  }

  #carried(
    extensions: EntryExtensions,
    element: Uint32Array,
    tick: number,
    kept: CarriedByEntry | undefined,
    learns: boolean,
  ): CarriedByEntry {
    const { timeout, counters } = this.options;
    const own = learns && extensions.timeout === timeout ? kept?.expires : extensions.timeout * hz;
    const lives = timeout === undefined || !own ? undefined : own;
    // field by field: spreading takes longer than all else that adding does
    return {
      nomatch: extensions.nomatch,
      packets: counters ? (extensions.packets ?? kept?.packets ?? 0) : 0,
      bytes: counters ? (extensions.bytes ?? kept?.bytes ?? 0) : 0,
      comment: extensions.comment,
      mark: extensions.mark,
      markMask: extensions.markMask,
      priority: extensions.priority,
      queue: extensions.queue,
      // the time of an entry that waits for its MAC has not begun
      expires: lives === undefined || this.#waits(element) ? lives : tick - this.#madeAt + lives,
    };
  }

  #isFull(tick: number): boolean {
    if (this.type.storage !== "hash" || this.#rows.size < this.options.maxElements) return false;
    this.#dropExpired(tick);
    return this.#rows.size >= this.options.maxElements;
  }

  /** Takes an element out; false where it is not there any more. */
  remove(element: Uint32Array, tick: number): boolean {
    const row = this.exact(element);
    if (row === noRow || this.isExpired(row, tick)) return false;
    this.#rows.drop(row);
    return true;
  }

  flush(): void {
    this.#rows = new SetRows(this.layout);
    this.#soonest = never;
  }

  /** The same set of a machine that begins at `tick`, where this one began at 0. */
  copyFrom(tick: number): IpSet {
    const copy = new IpSet(this.name, this.type, this.options, tick, this.layout);
    copy.#rows = new SetRows(this.layout, this.#rows);
    copy.#soonest = this.#soonest;
    return copy;
  }
}
