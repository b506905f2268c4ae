import type { Address } from "../packet/address.ts";
import type { InterfaceAddress, NetworkInterface } from "./host.ts";
import { contains, makePrefix } from "./prefix.ts";
import { scopes } from "./route-entry.ts";
import { isLinkLocal6, isMulticast } from "./special-addresses.ts";

const scopeOf = (address: InterfaceAddress): number => scopes[address.scope] ?? 0;

/**
 * inet_select_addr (net/ipv4/devinet.c): the first address of the interface that shares a subnet with the next hop, else
 * its first one, else one of any interface. Addresses of a nearer scope than `scope` are left out.
 */
export function selectSource4(
  interfaces: ReadonlyMap<string, NetworkInterface>,
  device: string,
  towards: Address | undefined,
  scope: number,
): Address | undefined {
  let first: Address | undefined;
  for (const one of ipv4Addresses(interfaces.get(device))) {
    if (scopeOf(one) > scope) continue;
    if (towards === undefined || contains(makePrefix(one.address, one.prefixLength), towards)) {
      return one.address;
    }
    first ??= one.address;
  }
  if (first !== undefined) return first;
  for (const other of interfaces.values()) {
    for (const one of ipv4Addresses(other)) {
      if (scopeOf(one) !== scopes["link"] && scopeOf(one) <= scope) return one.address;
    }
  }
  return undefined;
}

const ipv4Addresses = (one: NetworkInterface | undefined): readonly InterfaceAddress[] =>
  one?.addresses.filter(({ address, secondary }) => typeof address === "number" && !secondary) ?? [];

/**
 * ipv6_dev_get_saddr (net/ipv6/addrconf.c), the rules of RFC 6724, 5 that an interface's list decides: the same address,
 * a fitting scope, not deprecated, on the outgoing interface, the longest common prefix.
 */
export function selectSource6(
  interfaces: ReadonlyMap<string, NetworkInterface>,
  device: string,
  towards: bigint,
): bigint | undefined {
  const wanted = scopeRank(towards);
  const onlyHere = isMulticast(towards) || wanted <= linkLocalRank;
  let best: { address: bigint; rank: readonly number[] } | undefined;
  for (const { name, addresses } of interfaces.values()) {
    if (onlyHere && name !== device) continue;
    for (const { address, prefixLength, deprecated } of addresses) {
      if (typeof address !== "bigint") continue;
      const scope = scopeRank(address);
      const rank = [
        address === towards ? 1 : 0,
        // a scope that reaches far enough beats one that doesn't, then the nearest one that does
        scope >= wanted ? 100 - scope : scope - 100,
        deprecated ? 0 : 1,
        name === device ? 1 : 0,
        // within a subnet all are equal, and the first one stays
        Math.min(commonBits(address, towards), prefixLength),
      ];
      if (!best || isBetter(rank, best.rank)) best = { address, rank };
    }
  }
  return best?.address;
}

const linkLocalRank = 2;

/** Interface-local 1, link-local 2, site-local 5, global 14 (RFC 4291, 2.7); `::` has no scope, and so the nearest. */
function scopeRank(address: bigint): number {
  if (isMulticast(address)) return Number((address >> 112n) & 0xfn);
  if (address <= 1n) return Number(address);
  if (isLinkLocal6(address)) return linkLocalRank;
  return address >> 118n === 0x3fbn ? 5 : 14;
}

function commonBits(a: bigint, b: bigint): number {
  const different = a ^ b;
  return different === 0n ? 128 : 128 - different.toString(2).length;
}

function isBetter(rank: readonly number[], other: readonly number[]): boolean {
  const at = rank.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (rank[at] ?? 0) > (other[at] ?? 0);
}
