/** A list of int32, half as long in memory as an array of numbers, which every edit of a long chain copies. */
export class IntList {
  #numbers: Int32Array;
  #length: number;

  constructor(numbers: Int32Array) {
    this.#numbers = numbers;
    this.#length = numbers.length;
  }

  get length(): number {
    return this.#length;
  }

  /** The 0-based place of the first such number at `from` or behind it; -1 where there is none. */
  indexOf(wanted: number, from = 0): number {
    return this.#numbers.subarray(0, this.#length).indexOf(wanted, from);
  }

  copy(): IntList {
    return new IntList(this.#numbers.slice(0, this.#length));
  }

  /** Takes `removed` numbers out at `index` and puts others there. */
  splice(index: number, removed: number, added: readonly number[]): void {
    const behind = index + removed;
    const length = this.#length + added.length - removed;
    if (length > this.#numbers.length) {
      const longer = new Int32Array(length + (length >> 1));
      longer.set(this.#numbers.subarray(0, this.#length));
      this.#numbers = longer;
    }
    this.#numbers.copyWithin(index + added.length, behind, this.#length);
    this.#numbers.set(added, index);
    this.#length = length;
  }
}
