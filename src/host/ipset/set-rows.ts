import { type ElementLayout, isUnknownMac } from "./element-layout.ts";
import { ElementTable } from "./element-table.ts";
import { EntryColumns } from "./entry-columns.ts";
import { PrefixLengths } from "./prefix-lengths.ts";
import { noRow } from "./row-index.ts";
import type { CarriedByEntry, SetEntry } from "./set-entry.ts";

/** The entries of a set as rows: their elements, what they carry, and the prefix lengths that are in use, kept in step. */
export class SetRows {
  readonly #layout: ElementLayout;
  readonly #table: ElementTable;
  readonly #columns: EntryColumns;
  /** Of each network dimension. */
  readonly #prefixes: readonly PrefixLengths[];

  constructor(layout: ElementLayout, from?: SetRows) {
    const columns = from ? from.#columns.copy() : new EntryColumns();
    const moved = (row: number, to: number): void => columns.write(to, columns.read(row));
    this.#layout = layout;
    this.#columns = columns;
    this.#table = from ? from.#table.copy(moved) : new ElementTable(layout.width, layout.keyWidth, moved);
    this.#prefixes = from
      ? from.#prefixes.map((prefixes) => prefixes.copy())
      : layout.nets.map(() => new PrefixLengths());
  }

  get size(): number {
    return this.#table.size;
  }

  /** What entries carry. */
  get columns(): EntryColumns {
    return this.#columns;
  }

  /** The first entry; with `after` all of them, in the order in which they are listed. */
  first(): number {
    return this.#table.first();
  }

  after(row: number): number {
    return this.#table.after(row);
  }

  has(row: number): boolean {
    return this.#table.has(row);
  }

  /** The first entry with an element's key, interfaces aside. */
  find(element: Uint32Array): number {
    return this.#table.find(element);
  }

  /** The next one of the same key. */
  next(row: number): number {
    return this.#table.next(row);
  }

  /** A word of an entry's element. */
  word(row: number, at: number): number {
    return this.#table.words[row * this.#layout.width + at]!;
  }

  /** Whether it is the entry of a bitmap that was added without its MAC. */
  waitsForMac(row: number): boolean {
    const { macAt } = this.#layout;
    return macAt >= 0 && isUnknownMac(this.word(row, macAt));
  }

  read(row: number): SetEntry {
    const parts = this.#layout.decode(this.#table.words, row * this.#layout.width);
    return { parts, ...this.#columns.read(row) };
  }

  /** Prefix lengths of the nth network dimension's entries, longest first. */
  prefixes(net: number): readonly number[] {
    return this.#prefixes[net]?.sorted ?? [];
  }

  append(element: Uint32Array, carried: CarriedByEntry): number {
    const row = this.#table.append(element);
    this.#columns.write(row, carried);
    for (const [net, at] of this.#layout.nets.entries()) {
      this.#prefixes[net]?.add(element[at + this.#layout.addressWords]!);
    }
    return row;
  }

  /** Writes an entry anew; its element stays, but for a bitmap's MAC. */
  rewrite(row: number, element: Uint32Array, carried: CarriedByEntry): void {
    const { macAt } = this.#layout;
    if (macAt >= 0 && !isUnknownMac(element[macAt]!)) this.#table.write(row, element);
    this.#columns.write(row, carried);
  }

  drop(row: number): void {
    for (const [net, at] of this.#layout.nets.entries()) {
      this.#prefixes[net]?.remove(this.word(row, at + this.#layout.addressWords));
    }
    this.#table.remove(row);
  }

  /** Puts an entry of a list before the one that is the `at`th: those from there on are added again behind it. */
  insert(element: Uint32Array, carried: CarriedByEntry, at: number): void {
    const rows: number[] = [];
    for (let row = this.first(); row !== noRow; row = this.after(row)) rows.push(row);
    const behind = rows.slice(at).map((row) => this.read(row));
    for (const row of rows.slice(at)) this.drop(row);
    this.append(element, carried);
    for (const { parts, ...rest } of behind) {
      this.append(this.#layout.encode(parts, new Uint32Array(this.#layout.width)), rest);
    }
  }
}
