import type { Entry } from "./entry.ts";

/** The entries of a table in one row, so that any of them can be looked at without a walk through all. */
export class Population {
  private readonly entries: Entry[] = [];
  /** Where the next rotation begins. */
  private hand = 0;

  get size(): number {
    return this.entries.length;
  }

  has(entry: Entry): boolean {
    return this.entries[entry.place] === entry;
  }

  at(place: number): Entry | undefined {
    return this.entries[place];
  }

  add(entry: Entry): void {
    entry.place = this.entries.push(entry) - 1;
  }

  /** The last entry takes the place that becomes free. */
  remove(entry: Entry): void {
    const last = this.entries.pop();
    if (last && last !== entry) {
      this.entries[entry.place] = last;
      last.place = entry.place;
    }
    entry.place = -1;
  }

  /** The next entry in rotation: asked often enough, it gives all of them. */
  next(): Entry | undefined {
    if (this.hand >= this.entries.length) this.hand = 0;
    return this.entries[this.hand++];
  }

  /** The entries as they are now. */
  all(): readonly Entry[] {
    return [...this.entries];
  }
}
