import { type FlowKey, hashOf, keyLength, longestKey, readKind } from "./flow-key.ts";

/** Verdicts that a row counts packets by. */
const verdictCount = 4;
/** A row's words: the key, what follows, and no more than a cache line of 64 bytes has. */
const places = { next: longestKey, isSwapped: longestKey + 1, verdicts: longestKey + 2 } as const;
const rowWords = places.verdicts + verdictCount;
/** A row's doubles: bytes of its packets, and the last packet's number. */
const rowDoubles = 2;
const none = -1;
const firstCapacity = 1024;

/**
 * Flows as rows of numbers alone, found by a hash table: each packet of a replay touches one. At most `limit` of them; then
 * the one that had no packet for longest makes room.
 */
export class FlowRows {
  count = 0;
  private readonly limit: number;
  private capacity: number;
  private words: Int32Array;
  private doubles: Float64Array;
  /** The first row of each chain; a power of two of them. */
  private heads: Int32Array;
  private packets = 0;
  /** Rows by age as they were at `sortedAt`: those that had a packet since are passed over. */
  private byAge: Uint32Array = new Uint32Array(0);
  private nextByAge = 0;
  private sortedAt = 0;

  constructor(limit: number) {
    this.limit = limit;
    this.capacity = Math.min(firstCapacity, limit);
    this.words = new Int32Array(this.capacity * rowWords);
    this.doubles = new Float64Array(this.capacity * rowDoubles);
    this.heads = emptyHeads(this.capacity);
  }

  /** Counts a packet. `leaving` is called with the row of a flow that makes room for another one. */
  add(key: FlowKey, bytes: number, verdict: number, leaving: (row: number) => void): void {
    let row = this.find(key);
    if (row === none) {
      row = this.freeRow(leaving);
      this.enter(row, key);
    }
    this.words[row * rowWords + places.verdicts + verdict]!++;
    this.doubles[row * rowDoubles]! += bytes;
    this.doubles[row * rowDoubles + 1] = ++this.packets;
  }

  /** All rows, the one with the latest packet first. */
  rows(): Uint32Array {
    return Uint32Array.from({ length: this.count }, (_, row) => row).sort(
      (one, other) => this.lastOf(other) - this.lastOf(one),
    );
  }

  /** The key's words. */
  keyOf(row: number): Int32Array {
    return this.words.subarray(row * rowWords, row * rowWords + longestKey);
  }

  /** Whether the flow's first packet came from the second end. */
  isSwapped(row: number): boolean {
    return this.words[row * rowWords + places.isSwapped] === 1;
  }

  /** Packets by verdict. */
  verdictsOf(row: number): Int32Array {
    const start = row * rowWords + places.verdicts;
    return this.words.subarray(start, start + verdictCount);
  }

  /** The verdicts that its packets met, as bits. */
  verdictMask(row: number): number {
    const start = row * rowWords + places.verdicts;
    let mask = 0;
    for (let index = 0; index < verdictCount; index++)
      if (this.words[start + index] !== 0) mask |= 1 << index;
    return mask;
  }

  bytesOf(row: number): number {
    return this.doubles[row * rowDoubles]!;
  }

  private lastOf(row: number): number {
    return this.doubles[row * rowDoubles + 1]!;
  }

  private find(key: FlowKey): number {
    const { words } = this;
    let row = this.heads[key.hash & (this.heads.length - 1)]!;
    while (row !== none && !isOf(words, row * rowWords, key)) row = words[row * rowWords + places.next]!;
    return row;
  }

  private enter(row: number, { words: keyWords, hash, isSwapped }: FlowKey): void {
    const start = row * rowWords;
    this.words.fill(0, start, start + rowWords);
    this.words.set(keyWords, start);
    this.words[start + places.isSwapped] = isSwapped ? 1 : 0;
    this.doubles[row * rowDoubles] = 0;
    this.link(row, hash);
  }

  private link(row: number, hash: number): void {
    const head = hash & (this.heads.length - 1);
    this.words[row * rowWords + places.next] = this.heads[head]!;
    this.heads[head] = row;
  }

  private unlink(row: number): void {
    const { words, heads } = this;
    const next = words[row * rowWords + places.next]!;
    const head = this.hashOf(row) & (heads.length - 1);
    if (heads[head] === row) {
      heads[head] = next;
      return;
    }
    let before = heads[head]!;
    while (words[before * rowWords + places.next] !== row) before = words[before * rowWords + places.next]!;
    words[before * rowWords + places.next] = next;
  }

  private hashOf(row: number): number {
    const start = row * rowWords;
    return hashOf(this.words, start, keyLength(readKind(this.words[start]!).addressWords));
  }

  private freeRow(leaving: (row: number) => void): number {
    if (this.count < this.limit) {
      if (this.count === this.capacity) this.grow();
      return this.count++;
    }
    const oldest = this.takeOldest();
    leaving(oldest);
    this.unlink(oldest);
    return oldest;
  }

  /**
   * Sorting once for many rows that leave keeps packets from moving their row in a list: each touches its own row only. All rows
   * but those of the list that are as old as they were have a later packet.
   */
  private takeOldest(): number {
    for (;;) {
      while (this.nextByAge < this.byAge.length) {
        const row = this.byAge[this.nextByAge++]!;
        if (this.lastOf(row) <= this.sortedAt) return row;
      }
      this.byAge = this.rows().reverse();
      this.nextByAge = 0;
      this.sortedAt = this.packets;
    }
  }

  private grow(): void {
    const { words, doubles } = this;
    this.capacity = Math.min(2 * this.capacity, this.limit);
    this.words = new Int32Array(this.capacity * rowWords);
    this.words.set(words);
    this.doubles = new Float64Array(this.capacity * rowDoubles);
    this.doubles.set(doubles);
    this.heads = emptyHeads(this.capacity);
    for (let row = 0; row < this.count; row++) this.link(row, this.hashOf(row));
  }
}

/** At least as many as there are rows. */
const emptyHeads = (capacity: number): Int32Array =>
  new Int32Array(2 ** Math.ceil(Math.log2(capacity))).fill(none);

function isOf(rows: Int32Array, start: number, { words, length }: FlowKey): boolean {
  for (let at = 0; at < length; at++) if (rows[start + at] !== words[at]) return false;
  return true;
}
