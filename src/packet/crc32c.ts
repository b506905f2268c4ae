/** CRC32c (RFC 9260, appendix A) of a stretch of bytes, with the four bytes at `hole` taken for zero: SCTP's checksum. */
export function crc32c(bytes: Uint8Array, start: number, hole: number): number {
  let crc = 0xffffffff;
  for (let i = start; i < bytes.length; i++) {
    if (i < hole || i >= hole + 4) crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
