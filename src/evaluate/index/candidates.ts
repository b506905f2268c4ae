import type { Context } from "../../packet/context.ts";
import type { PackedRequirements } from "./packed-requirements.ts";
import { type Bucket, isSlot, placeOf } from "./tuple-space.ts";

/** What an index says of a packet: slots, and lists of slots, each in rule order. */
export interface Found {
  readonly buckets: readonly Bucket[];
  /** The numbers of the index's lists: at a list's place its length, then its slots. */
  readonly lists: Int32Array;
  /** The packet's words, by the index's numbers. */
  readonly words: readonly number[];
  readonly requirements: PackedRequirements;
  /** By slot: where its rule stands. */
  readonly positions: Int32Array;
}

/** A chain that has an index. */
export interface IndexedChain {
  /** How many rules there are. */
  readonly length: number;
  /** So many rules at the front are asked as they are; the chain has more. */
  readonly plainHead: number;
  /** `undefined` where every rule has to be looked at: one might drop the packet on the spot. */
  lookUp(context: Context): Found | undefined;
}

/**
 * The positions of the rules that a packet may match, in rule order, as long as nothing of the packet changes. The first rules of
 * a chain decide most packets (`--ctstate ESTABLISHED -j ACCEPT`): the index is asked once they have let one pass.
 */
export class Candidates {
  readonly #chain: IndexedChain;
  readonly #context: Context;
  #asked = false;
  #found: Found | undefined;
  /** How far each bucket is used up. */
  readonly #next: number[] = [];

  constructor(chain: IndexedChain, context: Context) {
    this.#chain = chain;
    this.#context = context;
  }

  /** The first candidate at `position` or behind it; the chain's length where there is none. `position` never goes back. */
  from(position: number): number {
    const { length, plainHead } = this.#chain;
    if (position < plainHead) return position;
    if (!this.#asked) this.#ask();
    return this.#found ? this.#first(this.#found, position, length) : position;
  }

  #ask(): void {
    this.#asked = true;
    this.#found = this.#chain.lookUp(this.#context);
    if (this.#found) for (const _ of this.#found.buckets) this.#next.push(0);
  }

  #first(found: Found, position: number, length: number): number {
    const { buckets, lists, positions, requirements, words } = found;
    let first = length;
    for (let i = 0; i < buckets.length; i++) {
      const bucket = buckets[i]!;
      const place = placeOf(bucket);
      const single = isSlot(bucket);
      const count = single ? 1 : lists[place]!;
      let at = this.#next[i]!;
      for (; at < count; at++) {
        const slot = single ? place : lists[place + 1 + at]!;
        if (!requirements.mayMatch(slot, words)) continue;
        const own = positions[slot]!;
        if (own < position) continue;
        if (own < first) first = own;
        break;
      }
      this.#next[i] = at;
    }
    return first;
  }
}
