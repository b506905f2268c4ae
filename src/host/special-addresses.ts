import type { Address } from "../packet/address.ts";

/** Addresses that Linux knows by themselves, without a route (include/linux/in.h, include/net/ipv6.h). */

/** 0.0.0.0 or ::; since Linux 5.3 the rest of 0.0.0.0/8 is like any other address. */
export const isUnspecified = (address: Address): boolean => address === 0 || address === 0n;

export const isLimitedBroadcast = (address: Address): boolean => address === 0xffffffff;

export const isMulticast = (address: Address): boolean =>
  typeof address === "number" ? address >>> 28 === 14 : address >> 120n === 0xffn;

/** 224.0.0.1, the group of all hosts of a link (RFC 1112). */
export const allHosts = 0xe0000001;

/** 127.0.0.0/8 or ::1. */
export const isLoopback = (address: Address): boolean =>
  typeof address === "number" ? address >>> 24 === 127 : address === 1n;

/** fe80::/10; IPv4's 169.254.0.0/16 has no special treatment. */
export const isLinkLocal6 = (address: Address): boolean =>
  typeof address === "bigint" && address >> 118n === 0x3fan;

/** 224.0.0.0/24: never leaves its link. */
export const isLocalMulticast = (address: Address): boolean =>
  typeof address === "number" && address >>> 8 === 0xe00000;
