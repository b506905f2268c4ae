import type { Address } from "../packet/address.ts";
import type { NetworkInterface } from "./host.ts";
import { isLimitedBroadcast, isMulticast } from "./special-addresses.ts";

const toEverybody = Uint8Array.of(255, 255, 255, 255, 255, 255);

/**
 * The MAC that needs no neighbour entry (arp_constructor, ndisc_constructor): of loopback, of broadcasts, and of multicast
 * groups: the low 23 bits behind 01:00:5e (RFC 1112, 6.4), the low 32 behind 33:33 (RFC 2464, 7).
 */
export function fixedLinkAddress(
  device: NetworkInterface | undefined,
  address: Address,
): Uint8Array | undefined {
  if (device?.loopback) return new Uint8Array(6);
  if (isMulticast(address)) {
    const low = typeof address === "number" ? address : Number(address & 0xffffffffn);
    const tail = [(low >>> 24) & 255, (low >>> 16) & 255, (low >>> 8) & 255, low & 255] as const;
    return typeof address === "number"
      ? Uint8Array.of(1, 0, 0x5e, tail[1] & 0x7f, tail[2], tail[3])
      : Uint8Array.of(0x33, 0x33, ...tail);
  }
  const broadcast = device?.addresses.some((one) => one.broadcast === address);
  return broadcast || isLimitedBroadcast(address) ? toEverybody : undefined;
}
