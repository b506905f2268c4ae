import type { PackedRequirements } from "./packed-requirements.ts";
import type { PacketWords } from "./packet-words.ts";
import type { SlotLists } from "./slot-lists.ts";

/** What all look-ups of one index share. */
export interface Rules {
  /** Of slots, in rule order. */
  readonly lists: SlotLists;
  readonly requirements: PackedRequirements;
  /** By slot: where its rule stands; -1 of one that is gone. */
  readonly positions: Int32Array;
}

/** A list that is looked through only as far as the walk comes. */
interface LongList {
  readonly place: number;
  next: number;
}

/** The positions of the rules that a packet may match, in rule order, as long as nothing of the packet changes. */
export class Candidates {
  /** Whether the packet matches the rule that `from` gave last: its test need not be run. */
  isSure = false;
  readonly #rules: Rules;
  /** Each twice, plus 1 for one that is sure to match; in rule order. It has room for as many as most packets meet. */
  readonly #few = [0, 0, 0, 0];
  #count = 0;
  #nextOfFew = 0;
  #long: LongList[] | undefined;
  /** For the long lists. */
  #words: PacketWords | undefined;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Takes a slot in, unless the packet misses what its rule asks. */
  add(slot: number, words: PacketWords): void {
    const { positions, requirements } = this.#rules;
    if (!requirements.mayMatch(slot, words)) return;
    const marked = positions[slot]! * 2 + (requirements.isSure(slot) ? 1 : 0);
    const few = this.#few;
    let at = this.#count++;
    for (; at > 0 && few[at - 1]! > marked; at--) few[at] = few[at - 1]!;
    few[at] = marked;
  }

  /** Takes a list in whose slots are looked at when the walk comes to them; `words` has to stay this packet's. */
  addLong(place: number, words: PacketWords): void {
    this.#words = words;
    this.#long ??= [];
    this.#long.push({ place, next: 0 });
  }

  /** The first candidate at `position` or behind it; `end` where there is none. `position` never goes back. */
  from(position: number, end: number): number {
    const few = this.#few;
    while (this.#nextOfFew < this.#count && few[this.#nextOfFew]! >> 1 < position) this.#nextOfFew++;
    let first = end;
    this.isSure = false;
    if (this.#nextOfFew < this.#count) {
      const marked = few[this.#nextOfFew]!;
      first = marked >> 1;
      this.isSure = (marked & 1) === 1;
    }
    if (this.#long && this.#words) {
      for (const list of this.#long) first = this.#ofList(list, this.#words, position, first);
    }
    return first;
  }

  /** The list's first candidate, where it stands before `first`. */
  #ofList(list: LongList, words: PacketWords, position: number, first: number): number {
    const { positions, requirements } = this.#rules;
    const { numbers } = this.#rules.lists;
    const length = numbers[list.place]!;
    for (; list.next < length; list.next++) {
      const slot = numbers[list.place + 1 + list.next]!;
      const own = positions[slot]!;
      if (own >= first) break;
      if (own < position || !requirements.mayMatch(slot, words)) continue;
      this.isSure = requirements.isSure(slot);
      return own;
    }
    return first;
  }
}
