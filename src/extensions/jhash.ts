const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** The kernel's hash of one 32-bit word (jhash_1word of linux/jhash.h): the last mix of Jenkins' public-domain lookup3. */
export function jhash(word: number, seed: number): number {
  const initial = (0xdeadbeef + 4 + seed) | 0;
  let a = (initial + word) | 0;
  let b = initial;
  let c = initial;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}
