/**
 * A map from int32 with open addressing: a key that is not there costs one look into memory, where a `Map` of many thousand
 * keys takes several. Keys stay in it once they are set.
 */
export class IntMap<V> {
  /** 0 is an empty place; that key itself has a place of its own. */
  #keys = new Int32Array(8);
  #values: (V | undefined)[] = new Array<V | undefined>(8);
  #places = 0;
  #ofZero: V | undefined;

  get(key: number): V | undefined {
    if (key === 0) return this.#ofZero;
    const keys = this.#keys;
    const last = keys.length - 1;
    for (let at = spread(key) & last; ; at = (at + 1) & last) {
      const found = keys[at];
      if (found === key) return this.#values[at];
      if (found === 0) return undefined;
    }
  }

  /** `undefined` takes the value out again. */
  set(key: number, value: V | undefined): void {
    if (key === 0) {
      this.#ofZero = value;
      return;
    }
    const at = this.#placeOf(key);
    if (this.#keys[at] === 0) {
      this.#keys[at] = key;
      this.#places++;
    }
    this.#values[at] = value;
    if (this.#places * 2 > this.#keys.length) this.#grow();
  }

  #placeOf(key: number): number {
    const last = this.#keys.length - 1;
    let at = spread(key) & last;
    while (this.#keys[at] !== key && this.#keys[at] !== 0) at = (at + 1) & last;
    return at;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Int32Array(keys.length * 2);
    this.#values = new Array<V | undefined>(keys.length * 2);
    for (const [at, key] of keys.entries()) {
      if (key === 0) continue;
      const place = this.#placeOf(key);
      this.#keys[place] = key;
      this.#values[place] = values[at];
    }
  }
}

/** Keys are addresses and ports, which differ in few bits: Fibonacci hashing, upper bits brought down. */
function spread(key: number): number {
  const hash = Math.imul(key, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
