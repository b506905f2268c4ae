import { hz } from "../../extensions/jiffies.ts";
import { type Address, prefixMask } from "../../packet/address.ts";
import { hostPrefix, keyOf, networkPart, type Part } from "./part.ts";
import { type EntryExtensions, isExpired, type SetEntry } from "./set-entry.ts";
import type { SetOptions } from "./set-options.ts";
import type { SetType } from "./set-type.ts";

/** How adding ended: `exists` and `full` changed nothing. */
export type Added = "added" | "exists" | "full" | "evicted";

/** One set, as net/netfilter/ipset keeps it. Times are ticks of the kernel's clock. */
export class IpSet {
  name: string;
  readonly type: SetType;
  readonly options: SetOptions;
  /** The mask that `netmask` or `bitmask` puts on addresses. */
  readonly mask: Address | undefined;
  /** Entries that only interfaces (or a bitmap's MACs, or a list's names) tell apart share a bucket, in order. */
  readonly #buckets = new Map<string, SetEntry[]>();
  /** For each network dimension how many entries there are with each prefix length. */
  readonly #prefixes: readonly Map<number, number>[];
  readonly #netAt: readonly number[];
  #count = 0;

  constructor(name: string, type: SetType, options: SetOptions) {
    this.name = name;
    this.type = type;
    this.options = options;
    const { bitmask, netmask, family } = options;
    this.mask = bitmask ?? (netmask === undefined ? undefined : prefixMask(family, netmask));
    this.#netAt = [...type.parts.keys()].filter((index) => type.parts[index] === "net");
    this.#prefixes = this.#netAt.map(() => new Map());
  }

  get entries(): readonly SetEntry[] {
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
  find(element: readonly Part[], accept: (entry: SetEntry) => boolean): SetEntry | undefined {
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
  exact(element: readonly Part[]): SetEntry | undefined {
    return this.#buckets.get(keyOf(this.#keyed(element)))?.find((entry) => this.#same(entry, element));
  }

  /** Adds an element; one that is there already is written anew with `exist`, or where it has expired (mtype_add). */
  add(parts: readonly Part[], extensions: EntryExtensions, tick: number, exist: boolean, at?: number): Added {
    const before = this.exact(parts);
    if (before && !exist && !isExpired(before, tick)) return "exists";
    let outcome: Added = "added";
    if (!before && this.type.storage === "hash" && this.#count >= this.options.maxElements) {
      for (const entry of this.entries) if (isExpired(entry, tick)) this.#drop(entry);
      if (this.#count >= this.options.maxElements) {
        const oldest = this.options.forceAdd ? this.entries[0] : undefined;
        if (!oldest) return "full";
        this.#drop(oldest);
        outcome = "evicted";
      }
    }
    const { timeout, ...rest } = extensions;
    const lives = this.options.timeout === undefined || timeout === 0 ? undefined : tick + timeout * hz;
    this.put({ ...rest, parts: before?.parts ?? parts, expires: lives }, before, at);
    return outcome;
  }

  /** Puts an entry in the place of another, or behind (in a list: at `at` among) the others. */
  put(entry: SetEntry, before: SetEntry | undefined, at?: number): void {
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

  /** Takes an element out; false where it is not there (any more). */
  remove(parts: readonly Part[], tick: number): boolean {
    const entry = this.exact(parts);
    if (!entry) return false;
    const expired = isExpired(entry, tick);
    if (!expired || this.type.storage === "bitmap") this.#drop(entry);
    return !expired;
  }

  flush(): void {
    this.#buckets.clear();
    this.#count = 0;
    for (const counts of this.#prefixes) counts.clear();
  }

  /** The same set of a machine that begins at `tick`, where this one began at 0. */
  copyFrom(tick: number): IpSet {
    const copy = new IpSet(this.name, this.type, this.options);
    for (const entry of this.entries) {
      const { expires } = entry;
      // the time of an entry that waits for its MAC has not begun
      const waits = entry.parts.some((part) => part.kind === "mac" && part.address === undefined);
      const shifted = expires === undefined || waits ? expires : expires + tick;
      copy.put({ ...entry, expires: shifted }, undefined);
    }
    return copy;
  }

  #drop(entry: SetEntry): void {
    const key = keyOf(this.#keyed(entry.parts));
    const bucket = this.#buckets.get(key) ?? [];
    bucket.splice(bucket.indexOf(entry), 1);
    if (bucket.length === 0) this.#buckets.delete(key);
    this.#count--;
    this.#countPrefixes(entry, -1);
  }

  #countPrefixes(entry: SetEntry, by: 1 | -1): void {
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

  #same(entry: SetEntry, parts: readonly Part[]): boolean {
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
  if (own.physical !== given.physical) return false;
  return own.wildcard ? given.name.startsWith(own.name) : own.name === given.name;
}
