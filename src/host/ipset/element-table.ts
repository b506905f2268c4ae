import { noRow, RowIndex } from "./row-index.ts";

/** What a row is: nobody's, the first of its key, or behind another row of the same key. */
const gone = 0;
const head = 1;
const behind = 2;

const grown = <T extends Uint8Array | Int32Array | Uint32Array>(into: T, from: T): T => {
  into.set(from);
  return into;
};

/**
 * The elements of a set as rows of 32-bit words in one array, in the order in which they came. Rows whose first `keyWidth`
 * words are the same follow each other in the place of the first of them.
 */
export class ElementTable {
  readonly #width: number;
  readonly #keyWidth: number;
  readonly #moved: (from: number, to: number) => void;
  #words: Uint32Array;
  #state = new Uint8Array(8);
  /** The row behind each row of the same key, plus 1; made when two rows have the same key for the first time. */
  #next: Int32Array | undefined;
  #index: RowIndex;
  /** Rows in use, gone ones among them. */
  #used = 0;
  #size = 0;
  /** No head stands before this row. */
  #first = 0;

  /** `moved` is called where a row gets another number. */
  constructor(width: number, keyWidth: number, moved: (from: number, to: number) => void) {
    this.#width = width;
    this.#keyWidth = keyWidth;
    this.#moved = moved;
    this.#words = new Uint32Array(8 * width);
    this.#index = new RowIndex(width, keyWidth);
  }

  get size(): number {
    return this.#size;
  }

  /** The words of all rows. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** The first row with an element's key. */
  find(element: Uint32Array): number {
    return this.#index.find(this.#words, element, 0);
  }

  /** The next row of the same key. */
  next(row: number): number {
    return this.#next === undefined ? noRow : this.#next[row]! - 1;
  }

  first(): number {
    const row = this.#headFrom(this.#first);
    if (row !== noRow) this.#first = row;
    return row;
  }

  /** The row behind another in the set's order. */
  after(row: number): number {
    const next = this.next(row);
    return next === noRow ? this.#headFrom(this.#headOf(row) + 1) : next;
  }

  has(row: number): boolean {
    return this.#state[row] !== gone;
  }

  /** Puts a row behind the others of its key, or of the set. */
  append(element: Uint32Array): number {
    if (this.#used === this.#state.length) this.#makeRoom();
    const before = this.find(element);
    const row = this.#used++;
    this.write(row, element);
    this.#size++;
    if (before === noRow) {
      this.#state[row] = head;
      this.#index.add(this.#words, row);
    } else {
      this.#state[row] = behind;
      this.#next ??= new Int32Array(this.#state.length);
      let last = before;
      while (this.next(last) !== noRow) last = this.next(last);
      this.#next[last] = row + 1;
    }
    return row;
  }

  /** Writes another element of the same key into a row. */
  write(row: number, element: Uint32Array): void {
    const at = row * this.#width;
    for (let word = 0; word < this.#width; word++) this.#words[at + word] = element[word]!;
  }

  /** Takes a row out; where it was the first of its key, the next one of the key gets its number. */
  remove(row: number): void {
    const next = this.next(row);
    if (this.#state[row] === behind) {
      let before = this.#headOf(row);
      while (this.next(before) !== row) before = this.next(before);
      if (this.#next) this.#next[before] = next + 1;
      this.#free(row);
    } else if (next !== noRow) {
      this.#move(next, row);
      this.#free(next);
    } else {
      this.#index.remove(this.#words, row);
      this.#free(row);
    }
  }

  copy(moved: (from: number, to: number) => void): ElementTable {
    const copy = new ElementTable(this.#width, this.#keyWidth, moved);
    copy.#words = this.#words.slice();
    copy.#state = this.#state.slice();
    copy.#next = this.#next?.slice();
    copy.#index = this.#index.copy();
    copy.#used = this.#used;
    copy.#size = this.#size;
    copy.#first = this.#first;
    return copy;
  }

  #headFrom(row: number): number {
    for (let at = row; at < this.#used; at++) if (this.#state[at] === head) return at;
    return noRow;
  }

  #headOf(row: number): number {
    return this.#state[row] === head ? row : this.#index.find(this.#words, this.#words, row * this.#width);
  }

  #move(from: number, to: number): void {
    this.#words.copyWithin(to * this.#width, from * this.#width, (from + 1) * this.#width);
    if (this.#next) this.#next[to] = this.#next[from]!;
    this.#moved(from, to);
  }

  #free(row: number): void {
    this.#state[row] = gone;
    if (this.#next) this.#next[row] = 0;
    this.#size--;
    if (this.#size > 0) return;
    this.#used = 0;
    this.#first = 0;
  }

  /** Where half of the rows are gone the others move up, else there is room for half as many more. */
  #makeRoom(): void {
    if (this.#size * 2 <= this.#used) {
      this.#moveUp();
      return;
    }
    const rows = this.#used + (this.#used >>> 1);
    this.#words = grown(new Uint32Array(rows * this.#width), this.#words);
    this.#state = grown(new Uint8Array(rows), this.#state);
    if (this.#next) this.#next = grown(new Int32Array(rows), this.#next);
  }

  #moveUp(): void {
    const places = new Int32Array(this.#used);
    let to = 0;
    for (let from = 0; from < this.#used; from++) {
      if (this.#state[from] === gone) continue;
      places[from] = to;
      if (from !== to) {
        this.#move(from, to);
        this.#state[to] = this.#state[from]!;
      }
      to++;
    }
    this.#state.fill(gone, to);
    this.#index.renumber(places);
    if (this.#next) {
      this.#next.fill(0, to);
      for (let row = 0; row < to; row++) {
        if (this.next(row) !== noRow) this.#next[row] = places[this.next(row)]! + 1;
      }
    }
    this.#used = to;
    this.#first = 0;
  }
}
