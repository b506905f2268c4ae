import { type Address, writeAddress } from "./address.ts";

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
  const bytes = new Uint8Array(typeof address === "number" ? 4 : 16);
  writeAddress(bytes, 0, address);
  return Array.from({ length: bytes.length / 2 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
}
