/** A list of numbers from 0 to 65535, a quarter as long in memory as an array of them, which every edit of a long chain copies. */
export class NumberList {
  #numbers: Uint16Array;
  #length: number;

  constructor(numbers: Uint16Array) {
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

  /** A list with others in the place of `removed` numbers at `index`. */
  spliced(index: number, removed: number, added: readonly number[]): NumberList {
    const length = this.#length + added.length - removed;
    const numbers = new Uint16Array(length);
    numbers.set(this.#numbers.subarray(0, index));
    numbers.set(added, index);
    numbers.set(this.#numbers.subarray(index + removed, this.#length), index + added.length);
    return new NumberList(numbers);
  }

  /** Takes `removed` numbers out at `index` and puts others there. */
  splice(index: number, removed: number, added: readonly number[]): void {
    const behind = index + removed;
    const length = this.#length + added.length - removed;
    if (length > this.#numbers.length) {
      const longer = new Uint16Array(length + (length >> 1));
      longer.set(this.#numbers.subarray(0, this.#length));
      this.#numbers = longer;
    }
    this.#numbers.copyWithin(index + added.length, behind, this.#length);
    this.#numbers.set(added, index);
    this.#length = length;
  }
}
