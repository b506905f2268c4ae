import type { Ruleset } from "../../model/ruleset.ts";
import { type Address, type Family, prefixMask } from "../../packet/address.ts";
import type { AddressRange, HostSets } from "../../packet/host-sets.ts";
import type { IpSet } from "./ip-set.ts";
import type { Ipsets } from "./ipsets.ts";
import { LiveSets } from "./live-sets.ts";
import { hostPrefix, type Part } from "./part.ts";
import { writtenSets } from "./written-sets.ts";

/** A host's sets as analyses see them: what they hold, where no packet and no time can change it. */
export class ToldSets implements Pick<HostSets, "changes" | "ranges"> {
  readonly #sets: ReadonlyMap<string, IpSet>;
  readonly #live: LiveSets;
  readonly #known = new Map<string, readonly AddressRange[] | undefined>();

  constructor(ipsets: Ipsets, ruleset: Ruleset) {
    this.#sets = ipsets.sets;
    this.#live = new LiveSets(ipsets, 0, writtenSets(ruleset));
  }

  changes(name: string): boolean | undefined {
    return this.#live.changes(name);
  }

  ranges(name: string): readonly AddressRange[] | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#read(name));
    return this.#known.get(name);
  }

  #read(name: string): readonly AddressRange[] | undefined {
    const set = this.#sets.get(name);
    if (set?.type.parts.length !== 1 || this.changes(name) !== false) return undefined;
    const { family } = set.options;
    const ranges: AddressRange[] = [];
    for (const { parts, nomatch } of set.entries) {
      const [part] = parts;
      // an exception within a network is more than a list of ranges says
      if (!part || nomatch) return undefined;
      const range = rangeOf(part, set, family);
      if (!range) return undefined;
      ranges.push(range);
    }
    return merged(ranges);
  }
}

/** The addresses of an entry; `undefined` where it is none of addresses, or masked in another way than by a prefix. */
function rangeOf(part: Part, set: IpSet, family: Family): AddressRange | undefined {
  if (part.kind !== "ip" && part.kind !== "net") return undefined;
  const { netmask } = set.options;
  if (set.mask !== undefined && netmask === undefined) return undefined;
  const prefix = part.kind === "net" ? part.prefix : (netmask ?? hostPrefix(family));
  const low = part.address;
  const mask = prefixMask(family, prefix);
  if (typeof low === "bigint") return [low, low | (BigInt(mask) ^ ((1n << 128n) - 1n))];
  return [low, low + (2 ** (32 - prefix) - 1)];
}

/** Sorted, and in one where they touch. */
function merged(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = ranges.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const result: [Address, Address][] = [];
  for (const [low, high] of sorted) {
    const last = result.at(-1);
    if (last && isBehindOrIn(last[1], low)) {
      if (high > last[1]) last[1] = high;
    } else result.push([low, high]);
  }
  return result;
}

const isBehindOrIn = (end: Address, low: Address): boolean =>
  typeof end === "bigint" ? BigInt(low) <= end + 1n : Number(low) <= end + 1;
