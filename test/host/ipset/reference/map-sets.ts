import { jiffiesAt } from "../../../../src/extensions/jiffies.ts";
import type { Part } from "../../../../src/host/ipset/part.ts";
import { plainEntry } from "../../../../src/host/ipset/set-entry.ts";
import { hasNets } from "../../../../src/host/ipset/set-type.ts";
import type { Context } from "../../../../src/packet/context.ts";
import type {
  CounterTest,
  HostSets,
  SetMapping,
  SetReference,
  SetTest,
} from "../../../../src/packet/host-sets.ts";
import { isExpired, type MapEntry, waitsForMac } from "./map-entry.ts";
import type { MapSet } from "./map-set.ts";
import { packetParts } from "./packet-parts.ts";

type Outcome = SetMapping | "nomatch" | "missing";

/** What `LiveSets` is held to: the same over `MapSet`s. */
export class MapSets implements HostSets {
  readonly #sets: ReadonlyMap<string, MapSet>;
  /** Sets that a rule's SET target names. */
  readonly #written: ReadonlySet<string>;

  /** `now` in seconds: when the text that told the sets was true. */
  constructor(sets: ReadonlyMap<string, MapSet>, now: number, written: ReadonlySet<string>) {
    const tick = jiffiesAt(now);
    this.#sets = new Map([...sets].map(([name, set]) => [name, set.copyFrom(tick)]));
    this.#written = written;
  }

  /** The sets as they are now, in the order in which they were made. */
  get sets(): readonly MapSet[] {
    return [...this.#sets.values()];
  }

  changes(name: string): boolean | undefined {
    const set = this.#sets.get(name);
    if (!set) return undefined;
    const { timeout, counters } = set.options;
    if (timeout !== undefined || counters || this.#written.has(name)) return true;
    if (set.type.name === "bitmap:ip,mac") return true;
    const isList = set.type.storage === "list";
    // a set can be written to through any list that it is in
    const lists = this.sets.filter((other) => memberNames(other).includes(name));
    return (
      lists.some((list) => this.#written.has(list.name)) ||
      (isList && memberNames(set).some((member) => this.changes(member) === true))
    );
  }

  test(reference: SetReference, context: Context, how: SetTest): SetMapping | undefined {
    const set = this.#sets.get(reference.name);
    const outcome = set ? this.#test(set, reference, context, how) : "missing";
    return typeof outcome === "object" ? outcome : undefined;
  }

  #test(set: MapSet, reference: SetReference, context: Context, how: SetTest): Outcome {
    if (!fits(set, reference, context)) return "missing";
    set.collect(tickOf(context));
    if (set.type.storage === "list") return this.#testList(set, reference, context, how);
    const element = packetParts(set, reference.directions, context, false);
    if (!element) return "missing";
    if (fillMac(set, element, context)) return mapping(plainEntry);
    const entry = set.find(
      element,
      (candidate) => sameMac(set, candidate, element) && passes(set, candidate, context, how),
    );
    if (!entry) return "missing";
    if (!hasNets(set.type) || !how.returnNomatch) return entry.nomatch ? "nomatch" : mapping(entry);
    return entry.nomatch ? mapping(entry) : "nomatch";
  }

  /** list_set_ktest: the first member that has the packet and whose own entry in the list passes. */
  #testList(list: MapSet, reference: SetReference, context: Context, how: SetTest): Outcome {
    const { packets: _packets, bytes: _bytes, ...rest } = how;
    const below = how.keepSubcounters ? { ...rest, keepCounters: true } : rest;
    for (const entry of list.entries) {
      const member = this.#member(entry);
      if (!member) continue;
      const outcome = this.#test(member, reference, context, below);
      if (typeof outcome !== "object") continue;
      if (passes(list, entry, context, how)) {
        return list.options.skbinfo ? mapping(entry) : outcome;
      }
    }
    return "missing";
  }

  add(
    reference: SetReference,
    context: Context,
    how: { readonly exist: boolean; readonly timeout: number | undefined },
  ): boolean {
    const set = this.#sets.get(reference.name);
    if (!set) return false;
    return this.#each(set, reference, context, (one) => {
      const element = packetParts(one, reference.directions, context, true);
      if (!element) return false;
      const { timeout } = how;
      const extensions = {
        ...plainEntry,
        timeout: timeout ?? one.options.timeout ?? 0,
        packets: 1,
        bytes: context.packet.length,
      };
      const added = one.add(element, extensions, tickOf(context), how.exist);
      if (added === "evicted") {
        context.world.assume(
          `set \`${one.name}\` is full and has forceadd: Linux drops an entry at random, here the oldest`,
        );
      }
      return added === "added" || added === "evicted";
    });
  }

  remove(reference: SetReference, context: Context): boolean {
    const set = this.#sets.get(reference.name);
    if (!set) return false;
    return this.#each(set, reference, context, (one) => {
      const element = packetParts(one, reference.directions, context, true);
      return element !== undefined && one.remove(element, tickOf(context));
    });
  }

  /** Does it to a set, or to the first member of a list to which it can be done (list_set_kadd, list_set_kdel). */
  #each(set: MapSet, reference: SetReference, context: Context, change: (set: MapSet) => boolean): boolean {
    if (!fits(set, reference, context)) return false;
    set.collect(tickOf(context));
    if (set.type.storage !== "list") return change(set);
    return set.entries.some((entry) => {
      const member = this.#member(entry);
      if (!member) return false;
      return this.#each(member, reference, context, change);
    });
  }

  #member({ parts: [part] }: MapEntry): MapSet | undefined {
    return part?.kind === "set" ? this.#sets.get(part.name) : undefined;
  }
}

const tickOf = ({ world }: Context): number => jiffiesAt(world.now);

const memberNames = (list: MapSet): readonly string[] =>
  list.type.storage === "list"
    ? list.entries.flatMap(({ parts: [part] }) => (part?.kind === "set" ? [part.name] : []))
    : [];

/** ip_set_test: a set of more dimensions than directions, or of the other family, has no packet. */
const fits = ({ type, options }: MapSet, { directions }: SetReference, { packet }: Context): boolean =>
  directions.length >= type.parts.length && (type.families === "any" || options.family === packet.family);

const mapping = ({ mark, markMask, priority, queue }: SetMapping): SetMapping => ({
  mark,
  markMask,
  priority,
  queue,
});

/**
 * ip_set_match_extensions: an entry that has expired or whose counters fail is as if it were not there. The packet itself
 * is counted first.
 */
function passes(set: MapSet, entry: MapEntry, context: Context, how: SetTest): boolean {
  if (isExpired(entry, tickOf(context))) return false;
  if (!set.options.counters) return true;
  if (!how.keepCounters) {
    entry.packets++;
    entry.bytes += context.packet.length;
  }
  return holds(how.packets, entry.packets) && holds(how.bytes, entry.bytes);
}

function holds(test: CounterTest | undefined, counter: number): boolean {
  if (!test) return true;
  const value = BigInt(counter);
  switch (test.is) {
    case "eq":
      return value === test.value;
    case "ne":
      return value !== test.value;
    case "lt":
      return value < test.value;
    case "gt":
      return value > test.value;
  }
}

const macPart = (parts: readonly Part[]): number | undefined => {
  const part = parts.find(({ kind }) => kind === "mac");
  return part?.kind === "mac" ? part.address : undefined;
};

const sameMac = (set: MapSet, entry: MapEntry, element: readonly Part[]): boolean =>
  set.type.storage !== "bitmap" || macPart(entry.parts) === macPart(element);

/** A bitmap's entry without a MAC takes the first packet's (bitmap_ipmac_do_test); true where it did. */
function fillMac(set: MapSet, element: readonly Part[], context: Context): boolean {
  const entry = set.exact(element);
  if (!entry || !waitsForMac(entry.parts)) return false;
  const timeout = set.options.timeout ?? 0;
  const extensions = { ...plainEntry, timeout, packets: 1, bytes: context.packet.length };
  set.add(element, extensions, tickOf(context), false);
  return true;
}
