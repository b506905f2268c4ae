import { NumberColumn } from "./number-column.ts";
import type { CarriedByEntry } from "./set-entry.ts";

const never = Number.POSITIVE_INFINITY;

/** What the entries of a set carry besides their elements, by the rows of its table. */
export class EntryColumns {
  #nomatch = new NumberColumn(0);
  /** Ticks from the set's making on; without end where an entry stays for ever. */
  #expires = new NumberColumn(never);
  #packets = new NumberColumn(0);
  #bytes = new NumberColumn(0);
  #mark = new NumberColumn(0);
  #markMask = new NumberColumn(0);
  #priority = new NumberColumn(0);
  #queue = new NumberColumn(0);
  #comments: (string | undefined)[] | undefined;

  /** The tick after the set's making with which a row ends, or infinity. */
  expires(row: number): number {
    return this.#expires.get(row);
  }

  nomatch(row: number): boolean {
    return this.#nomatch.get(row) === 1;
  }

  packets(row: number): number {
    return this.#packets.get(row);
  }

  bytes(row: number): number {
    return this.#bytes.get(row);
  }

  count(row: number, bytes: number): void {
    this.#packets.set(row, this.#packets.get(row) + 1);
    this.#bytes.set(row, this.#bytes.get(row) + bytes);
  }

  write(row: number, entry: CarriedByEntry): void {
    this.#nomatch.set(row, entry.nomatch ? 1 : 0);
    this.#expires.set(row, entry.expires ?? never);
    this.#packets.set(row, entry.packets);
    this.#bytes.set(row, entry.bytes);
    this.#mark.set(row, entry.mark);
    this.#markMask.set(row, entry.markMask);
    this.#priority.set(row, entry.priority);
    this.#queue.set(row, entry.queue);
    if (entry.comment !== undefined) this.#comments ??= new Array<undefined>(row).fill(undefined);
    if (this.#comments) this.#comments[row] = entry.comment;
  }

  read(row: number): CarriedByEntry {
    const expires = this.#expires.get(row);
    return {
      nomatch: this.nomatch(row),
      expires: expires === never ? undefined : expires,
      packets: this.packets(row),
      bytes: this.bytes(row),
      comment: this.#comments?.[row],
      mark: this.#mark.get(row),
      markMask: this.#markMask.get(row),
      priority: this.#priority.get(row),
      queue: this.#queue.get(row),
    };
  }

  copy(): EntryColumns {
    const copy = new EntryColumns();
    copy.#nomatch = this.#nomatch.copy();
    copy.#expires = this.#expires.copy();
    copy.#packets = this.#packets.copy();
    copy.#bytes = this.#bytes.copy();
    copy.#mark = this.#mark.copy();
    copy.#markMask = this.#markMask.copy();
    copy.#priority = this.#priority.copy();
    copy.#queue = this.#queue.copy();
    copy.#comments = this.#comments?.slice();
    return copy;
  }
}
