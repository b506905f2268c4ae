/**
 * A map from int32 other than 0 to int32 in one typed array, with open addressing: a key costs one look into memory, where a `Map`
 * of many thousand keys takes several. Keys are hashes already, and stay in it once they are set. Most keys that are asked for are
 * not in it: a bit for each of them, in a sixteenth of the memory, mostly tells so without a look into the table.
 */
export class BucketTable {
  /** Keys and what they stand for, by turns; an entry that is not used has 0 for its key. */
  #entries = new Int32Array(16);
  #used = 0;
  /** Four bits for each entry: those at the upper bits of the keys are set. */
  #sieve = new Int32Array(1);
  /** Bits of a key that the sieve leaves out. */
  #shift = 27;

  /** 0 where there is none. */
  get(key: number): number {
    const bit = key >>> this.#shift;
    if ((this.#sieve[bit >>> 5]! & (1 << bit)) === 0) return 0;
    return this.#entries[entryOf(this.#entries, key) + 1]!;
  }

  /** A value of 0 takes it out again. */
  set(key: number, value: number): void {
    if (this.#used * 3 >= this.#entries.length) this.#grow();
    const at = entryOf(this.#entries, key);
    if (this.#entries[at] === 0) this.#used++;
    this.#entries[at] = key;
    this.#entries[at + 1] = value;
    this.#mark(key);
  }

  #mark(key: number): void {
    const bit = key >>> this.#shift;
    this.#sieve[bit >>> 5]! |= 1 << bit;
  }

  #grow(): void {
    const before = this.#entries;
    const entries = new Int32Array(before.length * 2);
    this.#sieve = new Int32Array(entries.length / 16);
    this.#shift--;
    for (let from = 0; from < before.length; from += 2) {
      if (before[from] === 0) continue;
      const at = entryOf(entries, before[from]!);
      entries[at] = before[from]!;
      entries[at + 1] = before[from + 1]!;
      this.#mark(before[from]!);
    }
    this.#entries = entries;
  }
}

/** Where the key is, or the empty entry where it would be. */
function entryOf(entries: Int32Array, key: number): number {
  const last = entries.length - 1;
  let at = (key << 1) & last;
  while (entries[at] !== key && entries[at] !== 0) at = (at + 2) & last;
  return at;
}
