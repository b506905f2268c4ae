/** Slots with the keys under which they are to be found, in the order in which they came, in one typed array. */
export class KeyedSlots {
  /** Keys and slots by turns. */
  #numbers = new Int32Array(1024);
  #end = 0;

  get length(): number {
    return this.#end >> 1;
  }

  add(key: number, slot: number): void {
    if (this.#end === this.#numbers.length) {
      const numbers = new Int32Array(this.#end * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    this.#numbers[this.#end++] = key;
    this.#numbers[this.#end++] = slot;
  }

  key(index: number): number {
    return this.#numbers[index * 2]!;
  }

  slot(index: number): number {
    return this.#numbers[index * 2 + 1]!;
  }
}
