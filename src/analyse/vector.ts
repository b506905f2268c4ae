import type { Range } from "../formula/formula.ts";
import type { Address } from "../packet/address.ts";
import type { Bdd } from "./bdd.ts";

/** A number that depends on the packet: for each bit, highest first, the set of packets that have it set. */
export type Vector = readonly number[];

export function bitsOf(value: Address, width: number): readonly boolean[] {
  if (typeof value === "bigint") {
    return Array.from({ length: width }, (_, at) => ((value >> BigInt(width - 1 - at)) & 1n) === 1n);
  }
  const bits = new Array<boolean>(width);
  // 32-bit operations are quick, and hold the lower half of what is longer
  const upper = Math.floor(value / 2 ** 32);
  for (let at = 0; at < width; at++) {
    const shift = width - 1 - at;
    bits[at] = (((shift < 32 ? value : upper) >>> (shift & 31)) & 1) === 1;
  }
  return bits;
}

export const constant = (value: Address, width: number): Vector =>
  bitsOf(value, width).map((bit) => (bit ? 1 : 0));

/** The value of a vector that does not depend on the packet, as a bigint; else `undefined`. */
export function constantOf(vector: Vector): bigint | undefined {
  let value = 0n;
  for (const bit of vector) {
    if (bit > 1) return undefined;
    value = value * 2n + BigInt(bit);
  }
  return value;
}

/** The packets whose value lies in one of the ranges. */
export function inRanges(bdd: Bdd, vector: Vector, ranges: readonly Range[]): number {
  let all = 0;
  for (const [low, high] of ranges) {
    if (low > high) continue;
    all = bdd.or(all, between(bdd, vector, bitsOf(low, vector.length), bitsOf(high, vector.length)));
  }
  return all;
}

/** From the last bit up: the values whose remaining bits are at least, at most, between the bounds' own. */
function between(bdd: Bdd, vector: Vector, low: readonly boolean[], high: readonly boolean[]): number {
  let least = 1;
  let most = 1;
  let both = 1;
  for (let at = vector.length - 1; at >= 0; at--) {
    const bit = vector[at]!;
    if (low[at] === high[at]) both = low[at] ? bdd.choose(bit, both, 0) : bdd.choose(bit, 0, both);
    else both = bdd.choose(bit, most, least);
    least = low[at] ? bdd.choose(bit, least, 0) : bdd.choose(bit, 1, least);
    most = high[at] ? bdd.choose(bit, most, 1) : bdd.choose(bit, 0, most);
  }
  return both;
}

/** The packets with `value` under `mask`. */
export function masked(bdd: Bdd, vector: Vector, mask: Address, value: Address): number {
  const maskBits = bitsOf(mask, vector.length);
  const valueBits = bitsOf(value, vector.length);
  let result = 1;
  for (let at = vector.length - 1; at >= 0; at--) {
    if (!maskBits[at]) {
      if (valueBits[at]) return 0;
      continue;
    }
    const bit = vector[at]!;
    result = valueBits[at] ? bdd.choose(bit, result, 0) : bdd.choose(bit, 0, result);
  }
  return result;
}

/** `condition ? then : otherwise`, bit by bit. */
export const chooseVector = (bdd: Bdd, condition: number, then: Vector, otherwise: Vector): Vector =>
  then.map((bit, at) => bdd.choose(condition, bit, otherwise[at]!));

/** Adds a constant; the second part is the set of packets where the sum does not fit. */
export function addConstant(
  bdd: Bdd,
  vector: Vector,
  value: number,
): { readonly sum: Vector; readonly carry: number } {
  const addend = bitsOf(value, vector.length);
  const sum = [...vector];
  let carry = 0;
  for (let at = vector.length - 1; at >= 0; at--) {
    const bit = vector[at]!;
    if (addend[at]) {
      sum[at] = bdd.not(bdd.xor(bit, carry));
      carry = bdd.or(bit, carry);
    } else {
      sum[at] = bdd.xor(bit, carry);
      carry = bdd.and(bit, carry);
    }
  }
  return { sum, carry };
}

/** Subtracts a constant; the second part is the set of packets whose value is less. */
export function subtractConstant(
  bdd: Bdd,
  vector: Vector,
  value: number,
): { readonly difference: Vector; readonly borrow: number } {
  // a - b = ~(~a + b), and what is carried there is borrowed here
  const flipped = addConstant(
    bdd,
    vector.map((bit) => bdd.not(bit)),
    value,
  );
  return {
    difference: flipped.sum.map((bit) => bdd.not(bit)),
    borrow: flipped.carry,
  };
}
