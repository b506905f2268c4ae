/**
 * A map from int32 other than 0 to int32 in one typed array, with open addressing: a key costs one look into memory, where a `Map`
 * of many thousand keys takes several. Keys are hashes already, and stay in it once they are set.
 */
export class BucketTable {
  /** Keys and what they stand for, by turns; an entry that is not used has 0 for its key. */
  #entries = new Int32Array(16);
  #used = 0;

  /** 0 where there is none. */
  get(key: number): number {
    return this.#entries[entryOf(this.#entries, key) + 1]!;
  }

  /** A value of 0 takes it out again. */
  set(key: number, value: number): void {
    if (this.#used * 3 >= this.#entries.length) this.#grow();
    const at = entryOf(this.#entries, key);
    if (this.#entries[at] === 0) this.#used++;
    this.#entries[at] = key;
    this.#entries[at + 1] = value;
  }

  #grow(): void {
    const before = this.#entries;
    const entries = new Int32Array(before.length * 2);
    for (let from = 0; from < before.length; from += 2) {
      if (before[from] === 0) continue;
      const at = entryOf(entries, before[from]!);
      entries[at] = before[from]!;
      entries[at + 1] = before[from + 1]!;
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
