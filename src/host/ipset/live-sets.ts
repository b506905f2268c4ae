import { jiffiesAt } from "../../extensions/jiffies.ts";
import type { Context } from "../../packet/context.ts";
import type { CounterTest, HostSets, SetMapping, SetReference, SetTest } from "../../packet/host-sets.ts";
import type { IpSet } from "./ip-set.ts";
import type { Ipsets } from "./ipsets.ts";
import { packetElement } from "./packet-element.ts";
import { noRow } from "./row-index.ts";
import { plainEntry } from "./set-entry.ts";
import { hasNets } from "./set-type.ts";

type Outcome = SetMapping | "nomatch" | "missing";

/** A machine's sets: what packets find in them and leave there (net/netfilter/ipset/ip_set_core.c). */
export class LiveSets implements HostSets {
  readonly #sets: Map<string, IpSet>;
  /** Sets that are this machine's alone: the others are as they were told. */
  readonly #own = new Set<IpSet>();
  /** Sets that a rule's SET target names. */
  readonly #written: ReadonlySet<string>;
  readonly #madeAt: number;

  /** `now` in seconds: when the text that told the sets was true. */
  constructor({ sets }: Ipsets, now: number, written: ReadonlySet<string>) {
    this.#madeAt = jiffiesAt(now);
    this.#sets = new Map(sets);
    this.#written = written;
  }

  /** The sets as they are now, in the order in which they were made. */
  get sets(): readonly IpSet[] {
    return [...this.#sets.keys()].flatMap((name) => this.#toTest(name) ?? []);
  }

  changes(name: string): boolean | undefined {
    const set = this.#sets.get(name);
    if (!set) return undefined;
    if (changesByItself(set) || this.#written.has(name)) return true;
    const isList = set.type.storage === "list";
    // a set can be written to through any list that it is in
    const lists = [...this.#sets.values()].filter((other) => other.members.includes(name));
    return (
      lists.some((list) => this.#written.has(list.name)) ||
      (isList && set.members.some((member) => this.changes(member) === true))
    );
  }

  test(reference: SetReference, context: Context, how: SetTest): SetMapping | undefined {
    const set = this.#toTest(reference.name);
    const outcome = set ? this.#test(set, reference, context, how) : "missing";
    return typeof outcome === "object" ? outcome : undefined;
  }

  #toTest(name: string): IpSet | undefined {
    const set = this.#sets.get(name);
    return set && changesByItself(set) ? this.#toChange(name) : set;
  }

  #toChange(name: string): IpSet | undefined {
    const set = this.#sets.get(name);
    if (!set || this.#own.has(set)) return set;
    const own = set.copyFrom(this.#madeAt);
    this.#sets.set(name, own);
    this.#own.add(own);
    return own;
  }

  #test(set: IpSet, reference: SetReference, context: Context, how: SetTest): Outcome {
    if (!fits(set, reference, context)) return "missing";
    set.collect(tickOf(context));
    if (set.type.storage === "list") return this.#testList(set, reference, context, how);
    const element = packetElement(set, reference.directions, context, false);
    if (!element) return "missing";
    if (fillMac(set, element, context)) return noMapping;
    const row = set.find(element, (found) => set.sameMac(found, element) && passes(set, found, context, how));
    if (row === noRow) return "missing";
    const isException = set.columns.nomatch(row);
    const wantsException = hasNets(set.type) && how.returnNomatch === true;
    return isException === wantsException ? mapping(set, row) : "nomatch";
  }

  /** list_set_ktest: the first member that has the packet and whose own entry in the list passes. */
  #testList(list: IpSet, reference: SetReference, context: Context, how: SetTest): Outcome {
    const { packets: _packets, bytes: _bytes, ...rest } = how;
    const below = how.keepSubcounters ? { ...rest, keepCounters: true } : rest;
    for (let row = list.first(); row !== noRow; row = list.after(row)) {
      const member = this.#toTest(list.member(row));
      if (!member) continue;
      const outcome = this.#test(member, reference, context, below);
      if (typeof outcome === "object" && passes(list, row, context, how)) {
        return list.options.skbinfo ? mapping(list, row) : outcome;
      }
    }
    return "missing";
  }

  add(
    reference: SetReference,
    context: Context,
    how: { readonly exist: boolean; readonly timeout: number | undefined },
  ): boolean {
    const set = this.#toChange(reference.name);
    if (!set) return false;
    return this.#each(set, reference, context, (one) => {
      const element = packetElement(one, reference.directions, context, true);
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
    const set = this.#toChange(reference.name);
    if (!set) return false;
    return this.#each(set, reference, context, (one) => {
      const element = packetElement(one, reference.directions, context, true);
      return element !== undefined && one.remove(element, tickOf(context));
    });
  }

  /** Does it to a set, or to the first member of a list to which it can be done (list_set_kadd, list_set_kdel). */
  #each(set: IpSet, reference: SetReference, context: Context, change: (set: IpSet) => boolean): boolean {
    if (!fits(set, reference, context)) return false;
    set.collect(tickOf(context));
    if (set.type.storage !== "list") return change(set);
    for (let row = set.first(); row !== noRow; row = set.after(row)) {
      const member = this.#toChange(set.member(row));
      if (member && this.#each(member, reference, context, change)) return true;
    }
    return false;
  }
}

const tickOf = ({ world }: Context): number => jiffiesAt(world.now);

/** Whether time or packets that are only looked up change a set. */
const changesByItself = ({ options, type }: IpSet): boolean =>
  options.timeout !== undefined || options.counters || type.name === "bitmap:ip,mac";

/** ip_set_test: a set of more dimensions than directions, or of the other family, has no packet. */
const fits = ({ type, options }: IpSet, { directions }: SetReference, { packet }: Context): boolean =>
  directions.length >= type.parts.length && (type.families === "any" || options.family === packet.family);

const noMapping: SetMapping = { mark: 0, markMask: 0, priority: 0, queue: 0 };

function mapping(set: IpSet, row: number): SetMapping {
  if (!set.options.skbinfo) return noMapping;
  const { mark, markMask, priority, queue } = set.columns.read(row);
  return { mark, markMask, priority, queue };
}

/**
 * ip_set_match_extensions: an entry that has expired or whose counters fail is as if it were not there. The packet itself
 * is counted first.
 */
function passes(set: IpSet, row: number, context: Context, how: SetTest): boolean {
  if (set.isExpired(row, tickOf(context))) return false;
  if (!set.options.counters) return true;
  const { columns } = set;
  if (!how.keepCounters) columns.count(row, context.packet.length);
  return holds(how.packets, columns.packets(row)) && holds(how.bytes, columns.bytes(row));
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

/** A bitmap's entry without a MAC takes the first packet's (bitmap_ipmac_do_test); true where it did. */
function fillMac(set: IpSet, element: Uint32Array, context: Context): boolean {
  if (set.layout.macAt < 0) return false;
  const row = set.exact(element);
  if (row === noRow || !set.waitsForMac(row)) return false;
  const timeout = set.options.timeout ?? 0;
  const extensions = { ...plainEntry, timeout, packets: 1, bytes: context.packet.length };
  set.add(element, extensions, tickOf(context), false);
  return true;
}
