import { BucketTable } from "./bucket-table.ts";
import type { KeyedSlots } from "./keyed-slots.ts";
import type { PacketWords } from "./packet-words.ts";
import { SlotLists } from "./slot-lists.ts";
import { type Asked, fits, hashed, keysOf, type Tuple } from "./tuple.ts";

/** What a key stands for, as one number: nothing (0); a rule's slot; the place of several slots' list. The lowest bit tells. */
export type Bucket = number;

/** Whether it is one slot, not a list. */
export const isSlot = (bucket: Bucket): boolean => (bucket & 1) === 1;

/** The slot of one, the list's place of several. */
export const placeOf = (bucket: Bucket): number => bucket >> 1;

const ofSlot = (slot: number): Bucket => (slot << 1) | 1;
// the first list's place is not 0
const ofList = (place: number): Bucket => place << 1;

/** The rules' order. */
export type IsBefore = (slot: number, other: number) => boolean;

/**
 * Rules by tuples of what they require (tuple space search, Srinivasan, Suri and Varghese 1999). A rule stands in the first tuple
 * that it fits, and a packet is looked up once for each. All buckets are in one table of hashes, and no look-up waits for what
 * another finds: with 160,000 rules what counts is how often the processor waits for memory. Keys of one hash share a bucket, whose
 * rules may then miss the packet.
 */
export class TupleSpace {
  readonly lists = new SlotLists();
  readonly #buckets = new BucketTable();
  readonly #tuples: readonly Tuple[];
  /** The tuples once more, each as the number of its words, then word and mask of each. */
  readonly #packed: Int32Array;
  /** The buckets of the packet that was looked up last. */
  readonly found: Int32Array;

  /** The last tuple has to be the empty one, which all rules fit. */
  constructor(tuples: readonly Tuple[]) {
    this.#tuples = tuples;
    this.found = new Int32Array(tuples.length);
    this.#packed = Int32Array.from(
      tuples.flatMap((tuple) => [tuple.length, ...tuple.flatMap(({ word, mask }) => [word, mask])]),
    );
  }

  /**
   * Puts the buckets of a packet with these words into `found`: all rules are there whose requirements it may meet. Gives their
   * number.
   */
  lookUp(words: PacketWords): number {
    const packed = this.#packed;
    let count = 0;
    let number = 1;
    for (let at = 0; at < packed.length; number++) {
      let hash = number;
      const end = at + 1 + 2 * packed[at]!;
      for (at++; at < end; at += 2) hash = hashed(hash, words.at(packed[at]!) & packed[at + 1]!);
      const bucket = this.#buckets.get(hash);
      if (bucket !== 0) this.found[count++] = bucket;
    }
    return count;
  }

  /** The keys under which a rule stands. */
  keysOf(asked: Asked): readonly number[] {
    const index = this.#tuples.findIndex((tuple) => fits(tuple, asked));
    return keysOf(this.#tuples[index]!, asked, index + 1);
  }

  /** Takes in many slots at once, each under its keys, in rule order; before that nothing may be in it. */
  fill(entries: KeyedSlots): void {
    const counts = new BucketTable();
    for (let i = 0; i < entries.length; i++) {
      const key = entries.key(i);
      counts.set(key, counts.get(key) + 1);
    }
    for (let i = 0; i < entries.length; i++) {
      const key = entries.key(i);
      const slot = entries.slot(i);
      const count = counts.get(key);
      let bucket = this.#buckets.get(key);
      if (bucket === 0) {
        bucket = count === 1 ? ofSlot(slot) : ofList(this.lists.make(count));
        this.#buckets.set(key, bucket);
      }
      if (!isSlot(bucket)) this.lists.push(placeOf(bucket), slot);
    }
  }

  insert(slot: number, asked: Asked, isBefore: IsBefore): void {
    for (const key of new Set(this.keysOf(asked))) {
      const bucket = this.#buckets.get(key);
      if (bucket === 0) this.#buckets.set(key, ofSlot(slot));
      else if (isSlot(bucket)) {
        const other = placeOf(bucket);
        const both = isBefore(slot, other) ? [slot, other] : [other, slot];
        this.#buckets.set(key, ofList(this.lists.add(both)));
      } else this.#buckets.set(key, ofList(this.lists.insert(placeOf(bucket), slot, isBefore)));
    }
  }

  /** Takes a slot out again. */
  remove(slot: number, asked: Asked): void {
    for (const key of new Set(this.keysOf(asked))) {
      const bucket = this.#buckets.get(key);
      const left = isSlot(bucket) ? 0 : this.lists.remove(placeOf(bucket), slot);
      if (left === 0) this.#buckets.set(key, 0);
    }
  }
}
