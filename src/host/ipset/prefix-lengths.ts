/** How many entries have a network of each prefix length in one dimension of a set. */
export class PrefixLengths {
  readonly #counts = new Uint32Array(129);
  #sorted: readonly number[] = [];

  /** The lengths that some entry has, longest first. */
  get sorted(): readonly number[] {
    return this.#sorted;
  }

  add(length: number): void {
    if (this.#counts[length]!++ === 0) this.#sort();
  }

  remove(length: number): void {
    if (--this.#counts[length]! === 0) this.#sort();
  }

  copy(): PrefixLengths {
    const copy = new PrefixLengths();
    copy.#counts.set(this.#counts);
    copy.#sorted = this.#sorted;
    return copy;
  }

  #sort(): void {
    this.#sorted = [...this.#counts.keys()].filter((length) => this.#counts[length] !== 0).reverse();
  }
}
