import type { Address } from "./address.ts";

/**
 * The checksum at `at` after some 16-bit words that it covers have changed (RFC 1624, 3), to the bit as Linux's
 * csum_replace4 leaves it: it never comes to 0xffff unless all words are zero.
 */
export function updateChecksum(
  bytes: Uint8Array,
  at: number,
  before: readonly number[],
  after: readonly number[],
): void {
  let sum = (~((bytes[at]! << 8) | bytes[at + 1]!) & 0xffff) + 0xffff;
  for (const word of before) sum += ~word & 0xffff;
  for (const word of after) sum += word;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  const checksum = ~sum & 0xffff;
  bytes[at] = checksum >>> 8;
  bytes[at + 1] = checksum & 0xff;
}

/** An address as the 16-bit words that checksums add. */
export function addressWords(address: Address): number[] {
  if (typeof address === "number") return [address >>> 16, address & 0xffff];
  const words: number[] = [];
  for (let rest = address; words.length < 8; rest >>= 16n) words.unshift(Number(rest & 0xffffn));
  return words;
}
