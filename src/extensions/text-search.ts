/** The kernel's toupper: ASCII, and in Latin-1 every letter that counts as a small one there (lib/ctype.c). */
function upperCase(byte: number): number {
  const ascii = byte >= 0x61 && byte <= 0x7a;
  const latin = byte >= 0xdf && byte !== 0xf7;
  return ascii || latin ? byte - 0x20 : byte;
}

/** The kernel's tolower. Not quite the inverse: 0xdf and 0xff come out of no capital letter. */
function lowerCase(byte: number): number {
  const ascii = byte >= 0x41 && byte <= 0x5a;
  const latin = byte >= 0xc0 && byte <= 0xde && byte !== 0xd7;
  return ascii || latin ? byte + 0x20 : byte;
}

/**
 * Where a text is found first in bytes `from` to the end: an index into `bytes`, or -1. Every search of Linux finds what
 * is there, but for Boyer-Moore with folded case, which overlooks some Latin-1 texts: `foldingSearch`.
 */
export type Search = (bytes: Uint8Array, from: number) => number;

/** Finds the pattern as it stands (lib/ts_bm.c, lib/ts_kmp.c). */
export const plainSearch =
  (pattern: Uint8Array): Search =>
  (bytes, from) => {
    for (let start = from; start + pattern.length <= bytes.length; start++) {
      if (pattern.every((byte, index) => bytes[start + index] === byte)) return start;
    }
    return -1;
  };

/** Finds the pattern in any case (lib/ts_kmp.c). */
export function foldingSearch(pattern: Uint8Array): Search {
  const search = plainSearch(pattern.map(upperCase));
  return (bytes, from) => search(bytes.map(upperCase), from);
}

/**
 * Boyer-Moore in any case as Linux has it (lib/ts_bm.c): the shift for a byte that does not fit is looked up by the byte
 * as the packet has it, and knows only the capital letter and its tolower. So 0xdf and 0xff can be jumped over.
 */
export function foldingBoyerMoore(original: Uint8Array): Search {
  const pattern = original.map(upperCase);
  const { length } = pattern;
  const byteShift = new Map<number, number>();
  pattern.subarray(0, -1).forEach((byte, index) => {
    byteShift.set(byte, length - 1 - index);
    byteShift.set(lowerCase(byte), length - 1 - index);
  });
  const suffixShift = Array.from({ length }, (_, fitting) => goodSuffixShift(pattern, fitting));
  return (bytes, from) => {
    let end = from + length - 1;
    while (end < bytes.length) {
      let fitting = 0;
      while (fitting < length && upperCase(bytes[end - fitting]!) === pattern[length - 1 - fitting])
        fitting++;
      if (fitting === length) return end - length + 1;
      const byByte = end - fitting + (byteShift.get(bytes[end - fitting]!) ?? length);
      end = Math.max(byByte, end + suffixShift[fitting]!);
    }
    return -1;
  };
}

/** How far the pattern may move where its last `fitting` bytes fitted and the one before did not. */
function goodSuffixShift(pattern: Uint8Array, fitting: number): number {
  const { length } = pattern;
  if (fitting === 0) return 1;
  for (let shift = 1; shift < length; shift++) {
    const overlap = pattern.subarray(Math.max(shift, length - fitting));
    const fits = overlap.every((byte, index) => byte === pattern[length - overlap.length - shift + index]);
    const before = length - fitting - 1;
    if (fits && (before < shift || pattern[before] !== pattern[before - shift])) return shift;
  }
  return length;
}
