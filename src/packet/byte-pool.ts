/** Bytes of a slab; what takes more than a quarter of one gets memory of its own. */
const slabSize = 16384;
const longest = slabSize / 4;

let slab = new Uint8Array(0);
let used = 0;

/**
 * Zeros, in memory that others share: V8 takes ten times as long to make an array of more than 64 bytes with memory of its own as
 * to make a view. For what is forgotten soon, since each keeps the slab that it is in.
 */
export function pooledBytes(length: number): Uint8Array {
  if (length > longest) return new Uint8Array(length);
  const start = reserve(length);
  return new Uint8Array(slab.buffer, start, length);
}

/** A view from `start` to `end` of a copy of all of `bytes`, likewise; what stands before `start` stands before the view. */
export function pooledCopy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (bytes.length > longest) return ownCopy(bytes, start, end);
  const at = reserve(bytes.length);
  slab.set(bytes, at);
  return new Uint8Array(slab.buffer, at + start, end - start);
}

/** The same for what may be kept for long. */
export const ownCopy = (bytes: Uint8Array, start: number, end: number): Uint8Array =>
  new Uint8Array(bytes).subarray(start, end);

/** Where in the slab so many bytes are free. */
function reserve(length: number): number {
  if (used + length > slab.length) {
    slab = new Uint8Array(slabSize);
    used = 0;
  }
  const start = used;
  used += length;
  return start;
}
