import type { ElementLayout } from "./element-layout.ts";
import { noRow } from "./row-index.ts";
import type { SetRows } from "./set-rows.ts";

/** In place of a row: entries for other interfaces hide what is behind them. */
const hidden = -2;

/** Finds elements among the rows of a set, as the types' lookups do (ip_set_hash_gen.h). */
export class LookUp {
  readonly #layout: ElementLayout;
  /** Room for an element whose networks are cut. */
  readonly #cut: Uint32Array;

  constructor(layout: ElementLayout) {
    this.#layout = layout;
    this.#cut = new Uint32Array(layout.width);
  }

  /**
   * The first entry that holds an element of a packet and that `accept` takes: networks from the longest prefix on
   * (mtype_test_cidrs). A network that has entries for other interfaces only hides shorter ones behind it.
   */
  find(rows: SetRows, element: Uint32Array, accept: (row: number) => boolean): number {
    const [first, second] = this.#layout.nets;
    if (first === undefined) return this.#match(rows, element, accept);
    this.#cut.set(element);
    for (const prefix of rows.prefixes(0)) {
      this.#layout.narrow(element, first, prefix, this.#cut);
      const row =
        second === undefined
          ? this.#match(rows, this.#cut, accept)
          : this.#findSecond(rows, element, second, accept);
      if (row !== noRow) return row === hidden ? noRow : row;
    }
    return noRow;
  }

  /** The entry that is this element, networks as they stand. */
  exact(rows: SetRows, element: Uint32Array): number {
    let row = rows.find(element);
    while (row !== noRow && !this.#sameInterface(rows, row, element)) row = rows.next(row);
    return row;
  }

  #findSecond(rows: SetRows, element: Uint32Array, at: number, accept: (row: number) => boolean): number {
    for (const prefix of rows.prefixes(1)) {
      this.#layout.narrow(element, at, prefix, this.#cut);
      const row = this.#match(rows, this.#cut, accept);
      if (row !== noRow) return row;
    }
    return noRow;
  }

  #match(rows: SetRows, element: Uint32Array, accept: (row: number) => boolean): number {
    let hides = false;
    for (let row = rows.find(element); row !== noRow; row = rows.next(row)) {
      hides = !this.#sameInterface(rows, row, element);
      if (!hides && accept(row)) return row;
    }
    return hides ? hidden : noRow;
  }

  /** Where elements have an interface: whether the entry's covers the other's. */
  #sameInterface(rows: SetRows, row: number, element: Uint32Array): boolean {
    const at = this.#layout.interfaceAt;
    return at < 0 || this.#layout.covers(rows.word(row, at), element[at]!);
  }
}
