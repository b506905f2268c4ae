const and = 0;
const or = 1;
const minus = 2;
const xor = 3;
type Operation = typeof and | typeof or | typeof minus | typeof xor;

const terminalLevel = 0x7fffffff;
const firstCapacity = 1 << 16;
const largestCache = 1 << 20;

/**
 * Reduced ordered binary decision diagrams (Bryant, 1986). A function is a node number: 0 is false, 1 is true, and equal
 * functions are equal numbers. A variable is its level: smaller ones are asked first. Nodes are never given back.
 */
export class Bdd {
  private levels = new Int32Array(firstCapacity);
  private lows = new Int32Array(firstCapacity);
  private highs = new Int32Array(firstCapacity);
  private count = 2;
  /** Open addressing: node numbers, 0 for a free slot. Twice as large as the nodes' arrays. */
  private unique = new Int32Array(2 * firstCapacity);
  /** Direct-mapped: the two operands, operation and result of each slot. */
  private cache = new Int32Array(4 * firstCapacity);

  constructor() {
    this.levels[0] = this.levels[1] = terminalLevel;
    this.highs[1] = this.lows[1] = 1;
  }

  /** Nodes made so far. */
  get size(): number {
    return this.count;
  }

  levelOf(node: number): number {
    return this.levels[node]!;
  }

  lowOf(node: number): number {
    return this.lows[node]!;
  }

  highOf(node: number): number {
    return this.highs[node]!;
  }

  /** The function `level ? high : low`; both know only larger levels. */
  node(level: number, low: number, high: number): number {
    if (low === high) return low;
    const mask = this.unique.length - 1;
    let slot = hash(level, low, high) & mask;
    for (;;) {
      const found = this.unique[slot]!;
      if (found === 0) break;
      if (this.lows[found] === low && this.highs[found] === high && this.levels[found] === level)
        return found;
      slot = (slot + 1) & mask;
    }
    if (this.count === this.levels.length) {
      this.grow();
      return this.node(level, low, high);
    }
    const made = this.count++;
    this.levels[made] = level;
    this.lows[made] = low;
    this.highs[made] = high;
    this.unique[slot] = made;
    return made;
  }

  variable(level: number): number {
    return this.node(level, 0, 1);
  }

  not(a: number): number {
    return this.apply(minus, 1, a);
  }

  and(a: number, b: number): number {
    return a < b ? this.apply(and, a, b) : this.apply(and, b, a);
  }

  or(a: number, b: number): number {
    return a < b ? this.apply(or, a, b) : this.apply(or, b, a);
  }

  /** What is in `a` and not in `b`. */
  minus(a: number, b: number): number {
    return this.apply(minus, a, b);
  }

  xor(a: number, b: number): number {
    return a < b ? this.apply(xor, a, b) : this.apply(xor, b, a);
  }

  /** `condition ? then : otherwise`. */
  choose(condition: number, then: number, otherwise: number): number {
    if (condition === 1 || then === otherwise) return then;
    if (condition === 0) return otherwise;
    const level = this.levels[condition]!;
    const isVariable = this.lows[condition] === 0 && this.highs[condition] === 1;
    if (isVariable && level < this.levels[then]! && level < this.levels[otherwise]!) {
      return this.node(level, otherwise, then);
    }
    return this.or(this.and(condition, then), this.minus(otherwise, condition));
  }

  /** Rebuilds a function from the bottom: `make` gets each node once, with what its branches became. */
  rebuild(root: number, make: (level: number, low: number, high: number, node: number) => number): number {
    const done = new Map<number, number>();
    const visit = (node: number): number => {
      if (node < 2) return node;
      const known = done.get(node);
      if (known !== undefined) return known;
      const result = make(this.levels[node]!, visit(this.lows[node]!), visit(this.highs[node]!), node);
      done.set(node, result);
      return result;
    };
    return visit(root);
  }

  /** The levels that a function asks about, ascending. */
  support(root: number): readonly number[] {
    const seen = new Set<number>();
    const found = new Set<number>();
    const pending = [root];
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (node < 2 || seen.has(node)) continue;
      seen.add(node);
      found.add(this.levels[node]!);
      pending.push(this.lows[node]!, this.highs[node]!);
    }
    return [...found].sort((a, b) => a - b);
  }

  private apply(operation: Operation, a: number, b: number): number {
    switch (operation) {
      case and:
        if (a === b || b === 1) return a;
        if (a === 1) return b;
        if (a === 0 || b === 0) return 0;
        break;
      case or:
        if (a === b || b === 0) return a;
        if (a === 0) return b;
        if (a === 1 || b === 1) return 1;
        break;
      case minus:
        if (a === b || a === 0 || b === 1) return 0;
        if (b === 0) return a;
        break;
      case xor:
        if (a === b) return 0;
        if (a === 0) return b;
        if (b === 0) return a;
        break;
    }
    const slot = (hash(a, b, operation) & (this.cache.length / 4 - 1)) * 4;
    const { cache } = this;
    if (cache[slot] === a && cache[slot + 1] === b && cache[slot + 2] === operation) return cache[slot + 3]!;
    const levelA = this.levels[a]!;
    const levelB = this.levels[b]!;
    const level = Math.min(levelA, levelB);
    const splitA = levelA === level;
    const splitB = levelB === level;
    const low = this.ordered(operation, splitA ? this.lows[a]! : a, splitB ? this.lows[b]! : b);
    const high = this.ordered(operation, splitA ? this.highs[a]! : a, splitB ? this.highs[b]! : b);
    const result = this.node(level, low, high);
    // the cache may have been replaced by a larger one meanwhile
    const home = (hash(a, b, operation) & (this.cache.length / 4 - 1)) * 4;
    this.cache[home] = a;
    this.cache[home + 1] = b;
    this.cache[home + 2] = operation;
    this.cache[home + 3] = result;
    return result;
  }

  /** Operands of symmetric operations in one order, so that the cache knows them. */
  private ordered(operation: Operation, a: number, b: number): number {
    return operation === minus || a < b ? this.apply(operation, a, b) : this.apply(operation, b, a);
  }

  private grow(): void {
    const capacity = 2 * this.levels.length;
    this.levels = enlarged(this.levels, capacity);
    this.lows = enlarged(this.lows, capacity);
    this.highs = enlarged(this.highs, capacity);
    this.unique = new Int32Array(2 * capacity);
    const mask = this.unique.length - 1;
    for (let node = 2; node < this.count; node++) {
      let slot = hash(this.levels[node]!, this.lows[node]!, this.highs[node]!) & mask;
      while (this.unique[slot] !== 0) slot = (slot + 1) & mask;
      this.unique[slot] = node;
    }
    if (capacity <= largestCache) this.cache = new Int32Array(4 * capacity);
  }
}

function enlarged(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const array = new Int32Array(capacity);
  array.set(old);
  return array;
}

function hash(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
