import { hz } from "../../../../src/extensions/jiffies.ts";
import { hostPrefix, networkPart, type Part } from "../../../../src/host/ipset/part.ts";
import type { EntryExtensions } from "../../../../src/host/ipset/set-entry.ts";
import type { SetOptions } from "../../../../src/host/ipset/set-options.ts";
import type { SetType } from "../../../../src/host/ipset/set-type.ts";
import { type Address, prefixMask } from "../../../../src/packet/address.ts";
import { isExpired, keyOf, type MapEntry, waitsForMac } from "./map-entry.ts";

/** How adding ended: `exists` and `full` changed nothing. */
export type Added = "added" | "exists" | "full" | "evicted";

/** What `IpSet` is held to: the same in a plain map by strings. Times are ticks of the kernel's clock. */
export class MapSet {
  name: string;
  readonly type: SetType;
  readonly options: SetOptions;
  /** The mask that `netmask` or `bitmask` puts on addresses. */
  readonly mask: Address | undefined;
  /** Entries that only interfaces (or a bitmap's MACs, or a list's names) tell apart share a bucket, in order. */
  readonly #buckets = new Map<string, MapEntry[]>();
  /** For each network dimension how many entries there are with each prefix length. */
  readonly #prefixes: readonly Map<number, number>[];
  readonly #netAt: readonly number[];
  #count = 0;
  /** No entry expires before this tick. */
  #soonest = Number.POSITIVE_INFINITY;

  readonly #madeAt: number;

  /** `madeAt`: the tick of its making, from which its garbage collector counts. */
  constructor(name: string, type: SetType, options: SetOptions, madeAt = 0) {
    this.#madeAt = madeAt;
    this.name = name;
    this.type = type;
    this.options = options;
    const { bitmask, netmask, family } = options;
    this.mask = bitmask ?? (netmask === undefined ? undefined : prefixMask(family, netmask));
    this.#netAt = [...type.parts.keys()].filter((index) => type.parts[index] === "net");
    this.#prefixes = this.#netAt.map(() => new Map());
  }

  get entries(): readonly MapEntry[] {
    return [...this.#buckets.values()].flat();
  }

  /** Prefix lengths of the nth network dimension's entries, longest first. */
  prefixes(net: number): readonly number[] {
    return [...(this.#prefixes[net]?.keys() ?? [])].sort((a, b) => b - a);
  }

  /**
   * The first entry that holds an element of a packet and that `accept` takes: networks from the longest prefix on
   * (mtype_test_cidrs). A network that has entries for other interfaces only hides shorter ones behind it.
   */
  find(element: readonly Part[], accept: (entry: MapEntry) => boolean): MapEntry | undefined {
    for (const parts of this.#narrowings(element)) {
      let hides = false;
      for (const entry of this.#buckets.get(keyOf(this.#keyed(parts))) ?? []) {
        hides = true;
        if (!sameInterface(entry.parts, parts)) continue;
        if (accept(entry)) return entry;
        hides = false;
      }
      if (hides && this.type.parts.includes("iface")) return undefined;
    }
    return undefined;
  }

  /** The entry that is this element, networks as they stand. */
  exact(element: readonly Part[]): MapEntry | undefined {
    return this.#buckets.get(keyOf(this.#keyed(element)))?.find((entry) => this.#same(entry, element));
  }

  /**
   * Runs the garbage collector if it was due since the last time (mtype_gc): a second after the set's making, then every
   * third of the timeout. Till then a hash keeps what has expired, which does not match but has its prefix length and
   * hides shorter networks. Nothing can tell when bitmaps and lists drop it.
   */
  collect(tick: number): void {
    if (tick <= this.#soonest) return;
    const due = this.type.storage === "hash" ? this.#lastRun(tick) : tick;
    if (due > this.#soonest) this.#dropExpired(due);
  }

  #lastRun(tick: number): number {
    const third = Math.floor((this.options.timeout ?? 0) / 3);
    const period = Math.min(180, Math.max(1, third)) * hz;
    const first = this.#madeAt + hz;
    return first + Math.floor((tick - first) / period) * period;
  }

  #dropExpired(tick: number): void {
    this.#soonest = Number.POSITIVE_INFINITY;
    for (const entry of this.entries) {
      if (isExpired(entry, tick)) this.#drop(entry);
      else this.#watch(entry);
    }
  }

  #watch({ expires, parts }: MapEntry): void {
    if (expires !== undefined && !waitsForMac(parts)) this.#soonest = Math.min(this.#soonest, expires);
  }

  /**
   * Adds an element; one that is there already is written anew with `exist`, or where it has expired (mtype_add). A
   * bitmap's entry that waits for its MAC takes it in any case.
   */
  add(parts: readonly Part[], extensions: EntryExtensions, tick: number, exist: boolean, at?: number): Added {
    const before = this.exact(parts);
    const learns = before !== undefined && waitsForMac(before.parts) && !waitsForMac(parts);
    if (before && !learns && !exist && !isExpired(before, tick)) return "exists";
    let outcome: Added = "added";
    if (!before && this.#isFull(tick)) {
      const oldest = this.options.forceAdd ? this.entries[0] : undefined;
      if (!oldest) return "full";
      this.#drop(oldest);
      outcome = "evicted";
    }
    const kept = before && !isExpired(before, tick) ? before : undefined;
    const { timeout, packets = kept?.packets ?? 0, bytes = kept?.bytes ?? 0, ...rest } = extensions;
    const keeps = before && (this.type.storage !== "bitmap" || waitsForMac(parts));
    const own = timeout === this.options.timeout && learns ? before.expires : timeout * hz;
    const lives = this.options.timeout === undefined || !own ? undefined : own;
    // the time of an entry that waits for its MAC has not begun
    const expires = lives === undefined || waitsForMac(parts) ? lives : tick + lives;
    this.put({ ...rest, packets, bytes, parts: keeps ? before.parts : parts, expires }, before, at);
    return outcome;
  }

  #isFull(tick: number): boolean {
    if (this.type.storage !== "hash" || this.#count < this.options.maxElements) return false;
    this.#dropExpired(tick);
    return this.#count >= this.options.maxElements;
  }

  /** Puts an entry in the place of another, or behind (in a list: at `at` among) the others. */
  put(entry: MapEntry, before: MapEntry | undefined, at?: number): void {
    this.#watch(entry);
    const key = keyOf(this.#keyed(entry.parts));
    const bucket = this.#buckets.get(key) ?? [];
    this.#buckets.set(key, bucket);
    if (before) {
      bucket[bucket.indexOf(before)] = entry;
      return;
    }
    bucket.splice(at ?? bucket.length, 0, entry);
    this.#count++;
    this.#countPrefixes(entry, 1);
  }

  /** Takes an element out; false where it is not there any more. */
  remove(parts: readonly Part[], tick: number): boolean {
    const entry = this.exact(parts);
    if (!entry || isExpired(entry, tick)) return false;
    this.#drop(entry);
    return true;
  }

  flush(): void {
    this.#buckets.clear();
    this.#count = 0;
    for (const counts of this.#prefixes) counts.clear();
  }

  /** The same set of a machine that begins at `tick`, where this one began at 0. */
  copyFrom(tick: number): MapSet {
    const copy = new MapSet(this.name, this.type, this.options, tick);
    for (const entry of this.entries) {
      const { expires } = entry;
      const shifted = expires === undefined || waitsForMac(entry.parts) ? expires : expires + tick;
      copy.put({ ...entry, expires: shifted }, undefined);
    }
    return copy;
  }

  #drop(entry: MapEntry): void {
    const key = keyOf(this.#keyed(entry.parts));
    const bucket = this.#buckets.get(key) ?? [];
    bucket.splice(bucket.indexOf(entry), 1);
    if (bucket.length === 0) this.#buckets.delete(key);
    this.#count--;
    this.#countPrefixes(entry, -1);
  }

  #countPrefixes(entry: MapEntry, by: 1 | -1): void {
    for (const [net, index] of this.#netAt.entries()) {
      const part = entry.parts[index];
      const counts = this.#prefixes[net];
      if (part?.kind !== "net" || !counts) continue;
      const count = (counts.get(part.prefix) ?? 0) + by;
      if (count > 0) counts.set(part.prefix, count);
      else counts.delete(part.prefix);
    }
  }

  /** A bitmap finds its entries by address alone. */
  #keyed(parts: readonly Part[]): readonly Part[] {
    return this.type.storage === "bitmap" ? parts.filter(({ kind }) => kind !== "mac") : parts;
  }

  #same(entry: MapEntry, parts: readonly Part[]): boolean {
    const [member, other] = [entry.parts[0], parts[0]];
    if (member?.kind === "set") return other?.kind === "set" && member.name === other.name;
    return sameInterface(entry.parts, parts);
  }

  /** The element with its networks cut to every combination of the prefix lengths that the set has. */
  *#narrowings(element: readonly Part[]): Iterable<readonly Part[]> {
    const [first, second] = this.#netAt;
    if (first === undefined) {
      yield element;
      return;
    }
    for (const prefix of this.prefixes(0)) {
      const once = this.#narrow(element, first, prefix);
      if (second === undefined) yield once;
      else for (const other of this.prefixes(1)) yield this.#narrow(once, second, other);
    }
  }

  #narrow(element: readonly Part[], index: number, prefix: number): readonly Part[] {
    const part = element[index];
    if (part?.kind !== "net") return element;
    return element.with(index, networkPart(part.address, prefix, this.options.family));
  }

  /** The prefix length that a packet's address is stored with: the longest there is (INIT_CIDR). */
  newPrefix(net: number): number {
    return this.prefixes(net)[0] ?? hostPrefix(this.options.family);
  }
}

/** Where elements have an interface: whether an entry's covers the other's. */
function sameInterface(entry: readonly Part[], other: readonly Part[]): boolean {
  const own = entry.find((part) => part.kind === "iface");
  const given = other.find((part) => part.kind === "iface");
  if (!own || !given) return true;
  return own.wildcard ? given.name.startsWith(own.name) : own.name === given.name;
}
