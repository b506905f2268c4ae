import { addressTypeBits } from "../arg-types/address-types.ts";
import { and, equals, type Formula, inRanges, not, or, steadyOpaque } from "../formula/formula.ts";
import type { Address, Family } from "../packet/address.ts";
import type { AddressType } from "../packet/context.ts";
import { destinationField, sourceField } from "../packet/fields.ts";
import type { Problem } from "./extension.ts";
import { kernelRefuses } from "./problem.ts";

export type End = "source" | "destination";
/** The interface whose addresses alone count. */
export type Limit = "inDevice" | "outDevice" | undefined;

const { UNSPEC, UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, BLACKHOLE, UNREACHABLE, PROHIBIT } =
  addressTypeBits;

/** The host's tables say that the address is of one of these types. */
function looksUp(end: End, bits: number, limit: Limit): Formula {
  const where = limit === undefined ? "" : limit === "inDevice" ? " on the way in" : " on the way out";
  const types = Object.entries(addressTypeBits).filter(([, bit]) => bits & bit) as [AddressType, number][];
  return or(
    ...types.map(([type]) =>
      steadyOpaque(`${end} type is ${type}${where}`, (c) => {
        const device = limit === undefined ? undefined : c[limit];
        return c.world.addressType(c.packet[end], device) === type;
      }),
    ),
  );
}

const group: readonly [Address, Address] = [0xffn << 120n, (1n << 128n) - 1n];
const mapped: readonly [Address, Address] = [0xffffn << 32n, (0x10000n << 32n) - 1n];

/**
 * The address is of one of the types, as `addressTypeBits` numbers them. In IPv4 the routing tables tell
 * (inet_addr_type); IPv6 asks the address itself for some types, and all of those must hold (xt_addrtype.c, match_type6).
 */
export function hasAddressType(end: End, bits: number, limit: Limit, family: Family): Formula {
  if (family === "ipv4") return looksUp(end, bits, limit);
  const field = end === "source" ? sourceField(family) : destinationField(family);
  const parts: Formula[] = [];
  if (bits & MULTICAST) parts.push(inRanges(field, [group]));
  // __ipv6_addr_type: all but group addresses, :: and IPv4-mapped ones
  if (bits & UNICAST) parts.push(not(inRanges(field, [[0n, 0n], mapped, group])));
  if (bits & UNSPEC) parts.push(equals(field, 0n));
  const asked = bits & (ANYCAST | LOCAL | UNREACHABLE);
  if (asked) parts.push(looksUp(end, asked, limit));
  return and(...parts);
}

/** The types that the kernel does not take for IPv6, in its order and words (addrtype_mt_checkentry_v1). */
export function badIpv6Types(bits: number): readonly Problem[] {
  const message =
    bits & BLACKHOLE
      ? "ipv6 BLACKHOLE matching not supported"
      : bits >= PROHIBIT
        ? "ipv6 PROHIBIT (THROW, NAT ..) matching not supported"
        : bits & BROADCAST
          ? "ipv6 does not support BROADCAST matching"
          : undefined;
  return message === undefined ? [] : [kernelRefuses(message, { option: "dst-type" })];
}
