import { SetsTooLarge } from "./sets-too-large.ts";

const terminalLevel = 0x7fffffff;
const firstCapacity = 1 << 14;
/** From so many nodes on a table takes all the room that it may ever need: only what it writes to becomes memory. */
const reserving = 1 << 20;
/** About 700 MB with the tables that go with them: what a machine for builds can spare. */
const mostNodes = 1 << 25;

/**
 * The nodes of decision diagrams, each of them once: `level ? high : low`. 0 and 1 are the ends. What a node is stands in
 * four numbers in a row, so that one line of the processor's cache has all of it. Nodes are never given back; a table that
 * is full throws `SetsTooLarge`.
 */
export class NodeTable {
  /** Level, low, high and the next node of the same bucket. */
  protected nodes = new Int32Array(4 * firstCapacity);
  /** The first node of each bucket, 0 for none. Those up to `capacity`, a power of two, are in use. */
  private buckets = new Int32Array(firstCapacity);
  private capacity = firstCapacity;
  private count = 2;
  private readonly most: number;

  /** With `most` nodes or more it grows no further. */
  constructor(most = mostNodes) {
    this.most = most;
    for (const end of [0, 1]) this.nodes.set([terminalLevel, end, end], 4 * end);
  }

  /** Nodes made so far. */
  get size(): number {
    return this.count;
  }

  levelOf(node: number): number {
    return this.nodes[node << 2]!;
  }

  lowOf(node: number): number {
    return this.nodes[(node << 2) + 1]!;
  }

  highOf(node: number): number {
    return this.nodes[(node << 2) + 2]!;
  }

  /** The function `level ? high : low`; both know only larger levels. */
  node(level: number, low: number, high: number): number {
    if (low === high) return low;
    const { nodes, buckets } = this;
    const bucket = hash(level, low, high) & (this.capacity - 1);
    for (let found = buckets[bucket]!; found !== 0; found = nodes[(found << 2) + 3]!) {
      const at = found << 2;
      if (nodes[at + 1] === low && nodes[at + 2] === high && nodes[at] === level) return found;
    }
    if (this.count === this.capacity) {
      this.grow();
      return this.node(level, low, high);
    }
    const made = this.count++;
    const at = made << 2;
    nodes[at] = level;
    nodes[at + 1] = low;
    nodes[at + 2] = high;
    nodes[at + 3] = buckets[bucket]!;
    buckets[bucket] = made;
    return made;
  }

  private grow(): void {
    if (this.count >= this.most) throw new SetsTooLarge(this.count);
    const capacity = 2 * this.capacity;
    if (capacity > this.buckets.length) this.makeRoom(capacity);
    const { nodes, buckets } = this;
    buckets.fill(0, 0, capacity);
    for (let node = 2; node < this.count; node++) {
      const at = node << 2;
      const bucket = hash(nodes[at]!, nodes[at + 1]!, nodes[at + 2]!) & (capacity - 1);
      nodes[at + 3] = buckets[bucket]!;
      buckets[bucket] = node;
    }
    this.capacity = capacity;
  }

  /** Tables that were outgrown stay in memory until they are collected: large ones are made once, at their last size. */
  private makeRoom(capacity: number): void {
    const all = 2 ** Math.ceil(Math.log2(this.most));
    const room = capacity < reserving || all < capacity ? capacity : all;
    const nodes = new Int32Array(4 * room);
    nodes.set(this.nodes);
    this.nodes = nodes;
    this.buckets = new Int32Array(room);
  }
}

export function hash(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
