import type { Effect } from "../extensions/effect.ts";
import { bytesToAddress, maskAddress, prefixMask, writeAddress } from "../packet/address.ts";
import { addressWords } from "../packet/checksum-update.ts";
import { sendIcmpError } from "./icmp-error.ts";
import type { Journey } from "./journey.ts";

/** Where the address begins in the IPv6 header. */
const addressAt = { source: 8, destination: 24 } as const;
const ones = 0xffff;

const sum = (address: bigint): number => addressWords(address).reduce((total, word) => total + word, 0);

type TranslatePrefix = Extract<Effect, { kind: "translate-prefix" }>;

/**
 * ip6t_snpt_tg, ip6t_dnpt_tg (ip6t_NPT.c). False where the packet has to be dropped, for no word can take up the
 * difference; its sender is told.
 */
export function translatePrefix(journey: Journey, effect: TranslatePrefix): boolean {
  const { packet } = journey;
  const { end } = effect;
  const address = packet[end];
  if (typeof address !== "bigint") return true;
  const { translated, sound } = translate(address, effect);
  const before = journey.watched ? packet.bytes.slice() : packet.bytes;
  writeAddress(packet.bytes, addressAt[end], translated);
  if (!sound) {
    // a parameter problem that points at the address; it goes to the one that was written by then
    sendIcmpError(journey, { type: 12, code: 0, type6: 4, code6: 0, word: addressAt[end] });
    return false;
  }
  // icmpv6_bounced_ipv6hdr looks for the error where the packet's transport header was noted
  if (packet.hasTransportMark) translateQuoted(packet.bytes, effect);
  if (journey.watched && translated !== address) {
    const { hook } = journey.context;
    journey.note({ kind: "nat", hook, manip: end, before, after: packet.bytes.slice() });
  }
  return true;
}

/** ip6t_npt_map_pfx: the new prefix, and one word behind it that takes up the difference. */
function translate(
  address: bigint,
  { from, to, length }: TranslatePrefix,
): { readonly translated: bigint; readonly sound: boolean } {
  const mask = BigInt(prefixMask("ipv6", length));
  const prefixed = (to & mask) | (address & ~mask);
  const words = addressWords(prefixed);
  const at = length <= 48 ? 3 : words.findIndex((word, index) => index >= 4 && word !== ones);
  if (at < 0) return { translated: prefixed, sound: false };
  // one's complement has two zeros, of which RFC 6296 wants the one that is 0
  words[at] = (((words[at]! + sum(from) - sum(to)) % ones) + ones) % ones;
  const translated = words.reduce((value, word) => (value << 16n) | BigInt(word), 0n);
  return { translated, sound: true };
}

const icmpv6 = 58;
const headers = { ipv6: 40, icmpv6: 8 } as const;

/** The packet that an ICMPv6 error quotes has the address at its other end. */
function translateQuoted(bytes: Uint8Array, effect: TranslatePrefix): void {
  const type = bytes[headers.ipv6] ?? 0;
  const quotedAt = headers.ipv6 + headers.icmpv6;
  if (bytes[6] !== icmpv6 || type < 1 || type > 4 || bytes.length < quotedAt + headers.ipv6) return;
  const at = quotedAt + addressAt[effect.end === "source" ? "destination" : "source"];
  const address = bytesToAddress(bytes, at, 16);
  const mask = prefixMask("ipv6", effect.fromLength);
  if (maskAddress(address, mask) !== effect.from) return;
  writeAddress(bytes, at, translate(BigInt(address), effect).translated);
}
