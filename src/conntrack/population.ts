import type { Entry } from "./entry.ts";

const chunkBits = 10;
const chunkSize = 1 << chunkBits;

/**
 * The entries of a table in one row, so that any of them can be looked at without a walk through all. It lies in pieces of
 * memory of one size: a row in one piece is copied whenever it outgrows it.
 */
export class Population {
  private readonly chunks: (Entry | undefined)[][] = [];
  private count = 0;
  /** Where the next rotation begins. */
  private hand = 0;

  get size(): number {
    return this.count;
  }

  has(entry: Entry): boolean {
    return this.at(entry.place) === entry;
  }

  at(place: number): Entry | undefined {
    return this.chunks[place >>> chunkBits]?.[place & (chunkSize - 1)];
  }

  add(entry: Entry): void {
    const place = this.count++;
    if (place >>> chunkBits === this.chunks.length) {
      this.chunks.push(new Array<Entry | undefined>(chunkSize).fill(undefined));
    }
    this.put(place, entry);
  }

  /** The last entry takes the place that becomes free. */
  remove(entry: Entry): void {
    const last = this.at(--this.count);
    this.chunks[this.count >>> chunkBits]![this.count & (chunkSize - 1)] = undefined;
    if (last && last !== entry) this.put(entry.place, last);
    entry.place = -1;
  }

  /** The next entry in rotation: asked often enough, it gives all of them. */
  next(): Entry | undefined {
    if (this.hand >= this.count) this.hand = 0;
    return this.at(this.hand++);
  }

  /** The entries as they are now. */
  all(): readonly Entry[] {
    return this.chunks.flat().filter((entry) => entry !== undefined);
  }

  private put(place: number, entry: Entry): void {
    this.chunks[place >>> chunkBits]![place & (chunkSize - 1)] = entry;
    entry.place = place;
  }
}
