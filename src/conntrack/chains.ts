import type { Entry } from "./entry.ts";

/** How the entries of one kind of chain hang together: the hash that says which chain, and the entry's field for the next one. */
export interface Chaining {
  readonly hash: (entry: Entry) => number;
  readonly next: (entry: Entry) => Entry | undefined;
  readonly setNext: (entry: Entry, next: Entry | undefined) => void;
}

const chunkBits = 10;
const chunkSize = 1 << chunkBits;

/**
 * Chains of entries by hash, one for each entry on average, the last one added first. They grow by one chain with each
 * entry, whose share is split off a single other chain (Litwin's linear hashing), and in pieces of memory of one size: no
 * packet ever pays for all. They do not shrink.
 */
export class Chains {
  /** The first entry of each chain. */
  private readonly chunks: (Entry | undefined)[][] = [];
  private length = 0;
  private entries = 0;
  /** The least power of two that is not less than `length`. */
  private roof = 1;
  private readonly chaining: Chaining;

  constructor(chaining: Chaining) {
    this.chaining = chaining;
    this.grow();
  }

  /** The chain in which entries of this hash are; others may be in it too. */
  first(hash: number): Entry | undefined {
    return this.head(this.place(hash));
  }

  add(entry: Entry): void {
    const { hash, setNext } = this.chaining;
    if (++this.entries > this.length) this.grow();
    const place = this.place(hash(entry));
    setNext(entry, this.head(place));
    this.setHead(place, entry);
  }

  remove(entry: Entry): void {
    const { hash, next, setNext } = this.chaining;
    const place = this.place(hash(entry));
    const first = this.head(place);
    if (first === entry) this.setHead(place, next(entry));
    else {
      let before = first;
      while (before && next(before) !== entry) before = next(before);
      if (!before) return;
      setNext(before, next(entry));
    }
    setNext(entry, undefined);
    this.entries--;
  }

  private place(hash: number): number {
    const place = hash & (this.roof - 1);
    return place < this.length ? place : place & ((this.roof >>> 1) - 1);
  }

  private head(place: number): Entry | undefined {
    return this.chunks[place >>> chunkBits]![place & (chunkSize - 1)];
  }

  private setHead(place: number, entry: Entry | undefined): void {
    this.chunks[place >>> chunkBits]![place & (chunkSize - 1)] = entry;
  }

  /** One more chain, with the entries of the chain that stood for it so far. */
  private grow(): void {
    const fresh = this.length++;
    if (fresh % chunkSize === 0) this.chunks.push(new Array<Entry | undefined>(chunkSize).fill(undefined));
    if (fresh === 0) return;
    if (this.length > this.roof) this.roof *= 2;
    this.split(fresh & ((this.roof >>> 1) - 1), fresh);
  }

  /** Both parts keep their order. */
  private split(from: number, fresh: number): void {
    const { hash, next, setNext } = this.chaining;
    let entry = this.head(from);
    this.setHead(from, undefined);
    const lasts: { stays: Entry | undefined; goes: Entry | undefined } = {
      stays: undefined,
      goes: undefined,
    };
    while (entry) {
      const following = next(entry);
      const place = this.place(hash(entry));
      const part = place === fresh ? "goes" : "stays";
      const last = lasts[part];
      if (last) setNext(last, entry);
      else this.setHead(place, entry);
      setNext(entry, undefined);
      lasts[part] = entry;
      entry = following;
    }
  }
}
