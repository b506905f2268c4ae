import { sumWords, transportChecksumOk } from "./checksum.ts";
import type { Hook } from "./context.ts";
import type { Packet } from "./packet.ts";

/**
 * Whether Linux takes the packet's transport checksum for right at a hook, and what it remembers of it (nf_ip6_checksum,
 * net/netfilter/utils.c). What it found right it does not sum again on the way out. On the way in it compares with the
 * sum that it found, which another address does not spoil: SNPT and DNPT, which leave the checksum alone, go unnoticed.
 */
export function trustsChecksum(packet: Packet, hook: Hook): boolean {
  // nothing changes IPv4 addresses but what keeps the checksum right
  if (packet.family === "ipv4") return transportChecksumOk(packet);
  const { foundChecksum: found } = packet;
  if (found === "settled") return true;
  const header = sumBesideAddresses(packet);
  if (found !== undefined && found !== "once") {
    if (hook !== "PREROUTING" && hook !== "INPUT") return true;
    if (found === header) {
      packet.foundChecksum = "settled";
      return true;
    }
  }
  if (!transportChecksumOk(packet)) return false;
  packet.foundChecksum = header;
  return true;
}

/** Whether Linux has found the transport checksum right at any time, whatever was done to the packet since (csum_valid). */
export const hasFoundChecksum = (packet: Packet): boolean => packet.foundChecksum !== undefined;

/** What is forwarded has to be summed again, unless Linux has compared its sum before (skb_forward_csum). */
export function forgetChecksum(packet: Packet): void {
  if (typeof packet.foundChecksum === "number") packet.foundChecksum = "once";
}

const addressesAt = 8;
const addressesEnd = 40;

const sumBesideAddresses = ({ bytes, transportOffset }: Packet): number =>
  sumWords(bytes, addressesEnd, transportOffset, sumWords(bytes, 0, addressesAt));
