import { sumWords, transportChecksumOk } from "./checksum.ts";
import type { Hook } from "./context.ts";
import type { Packet } from "./packet.ts";

/**
 * Whether Linux takes the packet's checksum for right at a hook, and what it remembers of it (nf_ip_checksum and
 * nf_ip6_checksum, net/netfilter/utils.c). What it has summed it does not sum again on the way out, not even where the sum was
 * wrong. On the way in it compares with the sum that it found, which another address does not spoil: SNPT and DNPT, which
 * leave the checksum alone, go unnoticed. `holds` sums where the protocol has no checksum of its own.
 */
export function trustsChecksum(
  packet: Packet,
  hook: Hook,
  holds: (packet: Packet) => boolean = transportChecksumOk,
): boolean {
  const { foundChecksum: found, family } = packet;
  if (found === "settled") return true;
  const arrives = hook === "PREROUTING" || hook === "INPUT";
  if (!arrives && (found === "wrong" || typeof found === "number")) return true;
  // nothing changes IPv4 addresses but what keeps the checksum right
  const header = family === "ipv4" ? undefined : sumBesideAddresses(packet);
  if (header !== undefined && found === header) {
    packet.foundChecksum = "settled";
    return true;
  }
  const isRight = holds(packet);
  if (!isRight) packet.foundChecksum = "wrong";
  else if (header !== undefined) packet.foundChecksum = header;
  return isRight;
}

/** Whether Linux has found the transport checksum right at any time, whatever was done to the packet since (csum_valid). */
export const hasFoundChecksum = ({ foundChecksum: found }: Packet): boolean =>
  found !== undefined && found !== "wrong";

/** What is forwarded has to be summed again, unless Linux has compared its sum before (skb_forward_csum). */
export function forgetChecksum(packet: Packet): void {
  const { foundChecksum: found } = packet;
  if (typeof found === "number") packet.foundChecksum = "once";
  if (found === "wrong") packet.foundChecksum = undefined;
}

const addressesAt = 8;
const addressesEnd = 40;

const sumBesideAddresses = ({ bytes, transportOffset }: Packet): number =>
  sumWords(bytes, addressesEnd, transportOffset, sumWords(bytes, 0, addressesAt));
