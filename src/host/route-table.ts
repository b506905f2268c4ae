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
  readonly outDevice?: string | undefined;
  readonly linkDevice?: string | undefined;
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

/** The entries of one prefix length, by prefix. */
interface Level {
  readonly mask: Address;
  readonly prefixes: Map<Address, RouteEntry[]>;
}

/** One routing table of one family: the longest prefix wins, then TOS, then the lowest metric (fib_trie.c, ip6_fib.c). */
export class RouteTable {
  /** By prefix length, the longest first. */
  private readonly levels: readonly Level[];

  constructor(entries: readonly RouteEntry[]) {
    const levels = new Map<number, Level>();
    for (const entry of entries) {
      const { length, address } = entry.destination;
      const level = levels.get(length) ?? {
        mask: prefixMask(familyOf(address), length),
        prefixes: new Map<Address, RouteEntry[]>(),
      };
      levels.set(length, level);
      level.prefixes.set(address, [...(level.prefixes.get(address) ?? []), entry]);
    }
    for (const { prefixes } of levels.values()) {
      for (const list of prefixes.values()) list.sort((a, b) => b.tos - a.tos || a.metric - b.metric);
    }
    this.levels = [...levels].sort(([a], [b]) => b - a).map(([, level]) => level);
  }

  /** The first entry that serves the query; a dead end counts as one. */
  lookup(query: TableQuery): TableHit | undefined {
    const { destination } = query;
    const outDevice = query.linkDevice ?? query.outDevice;
    for (const { mask, prefixes } of this.levels) {
      const entries = prefixes.get(maskAddress(destination, mask));
      if (!entries) continue;
      for (const entry of entries) {
        if (entry.tos !== 0 && entry.tos !== routingTos(query.tos)) continue;
        if (entry.from && (query.source === undefined || !contains(entry.from, query.source))) continue;
        if (leadsNowhere(entry)) {
          // IPv6's dead ends are routes by lo: who asks for another interface does not see them (rt6_check_dev)
          if (outDevice !== undefined && entry.family === "ipv6") continue;
          return { entry, nextHop: undefined };
        }
        for (const nextHop of entry.nextHops) {
          if (!nextHop.dead && (outDevice === undefined || nextHop.device === outDevice)) {
            return { entry, nextHop };
          }
        }
      }
    }
    return undefined;
  }
}
