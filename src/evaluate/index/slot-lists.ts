/** Lists of slots in one typed array, each with its length before it, and room for as many as the next power of two. */
export class SlotLists {
  #numbers = new Int32Array(64);
  /** The first place is left free: 0 is no list. */
  #end = 1;

  /** The numbers themselves, until the next change: a list's length, then its slots. */
  get numbers(): Int32Array {
    return this.#numbers;
  }

  /** Gives the place of the new list. */
  add(slots: readonly number[]): number {
    const at = this.#allot(slots.length);
    this.#numbers[at] = slots.length;
    this.#numbers.set(slots, at + 1);
    return at;
  }

  /** An empty list with room for some slots. */
  make(room: number): number {
    return this.#allot(room);
  }

  /** Puts a slot behind the others, for which there has to be room; not where it is the last one already. */
  push(at: number, slot: number): void {
    const numbers = this.#numbers;
    const length = numbers[at]!;
    if (length > 0 && numbers[at + length] === slot) return;
    numbers[at] = length + 1;
    numbers[at + 1 + length] = slot;
  }

  /** Puts a slot before the first that is not before it; gives the place where the list is then. */
  insert(at: number, slot: number, isBefore: (slot: number, other: number) => boolean): number {
    const length = this.#numbers[at]!;
    let low = at + 1;
    for (let high = low + length; low < high; ) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#numbers[middle]!, slot)) low = middle + 1;
      else high = middle;
    }
    const to = roomFor(length + 1) === roomFor(length) ? at : this.#allot(length + 1);
    const numbers = this.#numbers;
    const split = low - at;
    numbers.copyWithin(to + split + 1, low, at + 1 + length);
    if (to !== at) numbers.copyWithin(to, at, low);
    numbers[to + split] = slot;
    numbers[to] = length + 1;
    return to;
  }

  /** Gives how many slots are left. */
  remove(at: number, slot: number): number {
    const numbers = this.#numbers;
    const length = numbers[at]!;
    const found = numbers.subarray(at + 1, at + 1 + length).indexOf(slot);
    if (found < 0) return length;
    numbers.copyWithin(at + 1 + found, at + 2 + found, at + 1 + length);
    numbers[at] = length - 1;
    return length - 1;
  }

  #allot(length: number): number {
    const at = this.#end;
    this.#end += 1 + roomFor(length);
    if (this.#end > this.#numbers.length) {
      const numbers = new Int32Array(Math.max(this.#end, this.#numbers.length * 2));
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    return at;
  }
}

/** The power of two that is not below it. */
const roomFor = (length: number): number => 2 ** (32 - Math.clz32(length - 1));
