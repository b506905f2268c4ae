/** A number for each row of a table. While all rows have the same one it takes no memory. */
export class NumberColumn {
  readonly #usual: number;
  #values: Float64Array | undefined;

  constructor(usual: number) {
    this.#usual = usual;
  }

  get(row: number): number {
    return this.#values?.[row] ?? this.#usual;
  }

  set(row: number, value: number): void {
    if (this.#values === undefined && value === this.#usual) return;
    this.#values ??= new Float64Array(8).fill(this.#usual);
    if (row >= this.#values.length) this.#grow(this.#values, row);
    this.#values[row] = value;
  }

  copy(): NumberColumn {
    const copy = new NumberColumn(this.#usual);
    copy.#values = this.#values?.slice();
    return copy;
  }

  #grow(values: Float64Array, row: number): void {
    this.#values = new Float64Array(row + (row >>> 1) + 1).fill(this.#usual, values.length);
    this.#values.set(values);
  }
}
