import type { Context } from "../../packet/context.ts";
import type { PackedRequirements } from "./packed-requirements.ts";

/** What an index says of a packet: lists of slots, each in rule order. */
export interface Found {
  readonly lists: readonly (number | number[])[];
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
  /** How far each list is used up. */
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
    if (this.#found) for (const _ of this.#found.lists) this.#next.push(0);
  }

  #first({ lists, words, positions, requirements }: Found, position: number, length: number): number {
    const next = this.#next;
    let first = length;
    for (let i = 0; i < lists.length; i++) {
      const list = lists[i]!;
      let at = next[i]!;
      if (typeof list === "number") {
        if (at > 0) continue;
        const found = positions[list]!;
        if (found < position || !requirements.mayMatch(list, words)) next[i] = 1;
        else if (found < first) first = found;
        continue;
      }
      while (at < list.length) {
        const slot = list[at]!;
        if (positions[slot]! >= position && requirements.mayMatch(slot, words)) break;
        at++;
      }
      next[i] = at;
      const found = at < list.length ? positions[list[at]!]! : length;
      if (found < first) first = found;
    }
    return first;
  }
}
