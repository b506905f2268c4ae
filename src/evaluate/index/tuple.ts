import type { Requirement } from "../../formula/requirements.ts";

/** What one rule asks of one of the index's words, by its number. */
export interface AskedWord extends Pick<Requirement, "mask" | "values"> {
  readonly word: number;
}

/** What one rule asks of the index's words. */
export interface Asked {
  /** Of each word at most once. */
  readonly words: readonly AskedWord[];
  /** A packet that misses none of it matches the rule. */
  readonly isAll: boolean;
}

/** What it asks of one word: so few are looked through faster than a `Map` is asked. */
export function askedOf({ words }: Asked, word: number): AskedWord | undefined {
  for (const one of words) if (one.word === word) return one;
  return undefined;
}

/** Words of a packet, each under a mask, that rules are found by together; of none, all rules are found. */
export type Tuple = readonly { readonly word: number; readonly mask: number }[];

/** Keys that one rule may have. */
const mostKeys = 64;

/** Whether rules that ask this have keys: their own masks take in the tuple's. */
export function fits(tuple: Tuple, asked: Asked): boolean {
  let keys = 1;
  for (const { word, mask } of tuple) {
    const own = askedOf(asked, word);
    if (own === undefined || (own.mask & mask) !== mask) return false;
    keys *= own.values.length;
  }
  return keys <= mostKeys;
}

/**
 * Hashes of all that packets may have which meet what a rule asks; `hash` is the one before the tuple's first word. Some of them
 * may be the same.
 */
export function keysOf(tuple: Tuple, asked: Asked, hash: number): readonly number[] {
  let keys = [hash];
  for (const { word, mask } of tuple) {
    const values = askedOf(asked, word)?.values ?? [];
    if (values.length > 1) {
      const masked = [...new Set(values.map((value) => value & mask))];
      keys = keys.flatMap((key) => masked.map((value) => hashed(key, value)));
    } else for (let i = 0; i < keys.length; i++) keys[i] = hashed(keys[i]!, values[0]! & mask);
  }
  return keys;
}

/** Never 0. Addresses and ports differ in few bits: Fibonacci hashing, upper bits brought down. */
export function hashed(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x9e3779b1);
  return product ^ (product >>> 15) || 1;
}

/** How many bits of a mask are set. */
export function bitsOf(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count++;
  return count;
}
