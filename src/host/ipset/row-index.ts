/** What finding gives where there is no row. */
export const noRow = -1;

/**
 * Finds rows of 32-bit words by their first `keyWidth` words: open addressing with linear probing, at most two thirds full.
 * The words of all rows are handed to each call, since their array is another one when it has grown.
 */
export class RowIndex {
  readonly #width: number;
  readonly #keyWidth: number;
  /** Rows plus 1, each at its key's hash or as soon behind it as there was room. */
  #slots = new Int32Array(16);
  /** Of each slot that is taken a byte of the hash: few other rows need to be looked at, and the bytes stay in caches. */
  #tags = new Uint8Array(16);
  #size = 0;

  constructor(width: number, keyWidth: number) {
    this.#width = width;
    this.#keyWidth = keyWidth;
  }

  /** The row with the key that begins at `from` of `key`. */
  find(rows: Uint32Array, key: Uint32Array, from: number): number {
    const tags = this.#tags;
    const mask = tags.length - 1;
    const hash = this.#hash(key, from);
    const tag = tagOf(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      if (tags[at] === 0) return noRow;
      if (tags[at] !== tag) continue;
      const row = this.#slots[at]! - 1;
      if (this.#hasKey(rows, row * this.#width, key, from)) return row;
    }
  }

  /** Adds a row whose key no other row has. */
  add(rows: Uint32Array, row: number): void {
    this.#size++;
    if (this.#size * 3 > this.#slots.length * 2) this.#grow(rows);
    this.#put(rows, row);
  }

  /** Takes a row out; those behind it that are not at their own place move up. */
  remove(rows: Uint32Array, row: number): void {
    this.#size--;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.#hash(rows, row * this.#width) & mask;
    while (slots[hole] !== row + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const own = this.#hash(rows, (slots[at]! - 1) * this.#width);
      if (((at - own) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = slots[at]!;
      this.#tags[hole] = this.#tags[at]!;
      hole = at;
    }
    slots[hole] = 0;
    this.#tags[hole] = 0;
  }

  /** Rows have other numbers from now on. */
  renumber(places: Int32Array): void {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at++) if (slots[at] !== 0) slots[at] = places[slots[at]! - 1]! + 1;
  }

  copy(): RowIndex {
    const copy = new RowIndex(this.#width, this.#keyWidth);
    copy.#slots = this.#slots.slice();
    copy.#tags = this.#tags.slice();
    copy.#size = this.#size;
    return copy;
  }

  #grow(rows: Uint32Array): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2);
    this.#tags = new Uint8Array(before.length * 2);
    for (const slot of before) if (slot !== 0) this.#put(rows, slot - 1);
  }

  #put(rows: Uint32Array, row: number): void {
    const mask = this.#slots.length - 1;
    const hash = this.#hash(rows, row * this.#width);
    let at = hash & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = row + 1;
    this.#tags[at] = tagOf(hash);
  }

  #hasKey(rows: Uint32Array, at: number, key: Uint32Array, from: number): boolean {
    for (let word = 0; word < this.#keyWidth; word++) {
      if (rows[at + word] !== key[from + word]) return false;
    }
    return true;
  }

  /** Multiplications and shifts that spread neighbouring addresses, as MurmurHash3 does. */
  #hash(words: Uint32Array, from: number): number {
    let hash = 0;
    for (let word = 0; word < this.#keyWidth; word++) {
      hash = Math.imul(hash ^ words[from + word]!, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }
}

/** The bits of a hash that choose no slot of most tables; never 0, which is nobody's. */
const tagOf = (hash: number): number => (hash >>> 24) | 1;
