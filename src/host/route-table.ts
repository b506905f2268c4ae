import { type Address, familyOf, maskAddress, prefixMask } from "../packet/address.ts";
import { contains } from "./prefix.ts";
import type { NextHop, RouteEntry } from "./route-entry.ts";

/** What a look-up in one table asks. */
export interface TableQuery {
  readonly destination: Address;
  /** For IPv6 routes with a `from`. */
  readonly source: Address | undefined;
  readonly tos: number;
  /** Only routes out of this interface. */
  readonly outDevice: string | undefined;
}

export interface TableHit {
  readonly entry: RouteEntry;
  /** `undefined` for types that lead nowhere: blackhole, unreachable, prohibit, throw. */
  readonly nextHop: NextHop | undefined;
}

const deadEnds: ReadonlySet<string> = new Set(["blackhole", "unreachable", "prohibit", "throw"]);
export const leadsNowhere = (entry: RouteEntry): boolean => deadEnds.has(entry.type);

/** The bits of the TOS byte that IPv4 routes and rules are chosen by (fib_dscp_masked_match). */
export const routingTos = (tos: number): number => tos & 0x1c;

/** One routing table of one family: the longest prefix wins, then TOS, then the lowest metric (fib_trie.c, ip6_fib.c). */
export class RouteTable {
  private readonly byLength = new Map<number, Map<Address, RouteEntry[]>>();
  private readonly lengths: number[] = [];

  constructor(entries: readonly RouteEntry[]) {
    for (const entry of entries) this.add(entry);
    this.lengths.sort((a, b) => b - a);
    for (const prefixes of this.byLength.values()) {
      for (const list of prefixes.values()) list.sort((a, b) => b.tos - a.tos || a.metric - b.metric);
    }
  }

  private add(entry: RouteEntry): void {
    const { length, address } = entry.destination;
    let prefixes = this.byLength.get(length);
    if (!prefixes) {
      prefixes = new Map();
      this.byLength.set(length, prefixes);
      this.lengths.push(length);
    }
    const list = prefixes.get(address);
    if (list) list.push(entry);
    else prefixes.set(address, [entry]);
  }

  /** The first entry that serves the query; a dead end counts as one. */
  lookup(query: TableQuery): TableHit | undefined {
    const family = familyOf(query.destination);
    for (const length of this.lengths) {
      const address = maskAddress(query.destination, prefixMask(family, length));
      for (const entry of this.byLength.get(length)?.get(address) ?? []) {
        if (entry.tos !== 0 && entry.tos !== routingTos(query.tos)) continue;
        if (entry.from && (query.source === undefined || !contains(entry.from, query.source))) continue;
        if (leadsNowhere(entry)) return { entry, nextHop: undefined };
        const nextHop = entry.nextHops.find(
          (hop) => !hop.dead && (query.outDevice === undefined || hop.device === query.outDevice),
        );
        if (nextHop) return { entry, nextHop };
      }
    }
    return undefined;
  }
}
