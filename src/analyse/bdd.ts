import { hash, NodeTable } from "./node-table.ts";

const and = 1;
const or = 2;
const minus = 3;
const xor = 4;
const disjoint = 5;
const implies = 6;
type Operation = typeof and | typeof or | typeof minus | typeof xor | typeof disjoint | typeof implies;

const firstCache = 1 << 14;
const largestCache = 1 << 21;

/**
 * Reduced ordered binary decision diagrams (Bryant, 1986). A function is a node number: 0 is false, 1 is true, and equal
 * functions are equal numbers. A variable is its level: smaller ones are asked first.
 */
export class Bdd extends NodeTable {
  /** Direct-mapped, forgetful: the two operands, operation and result of each slot. */
  private cache = new Int32Array(4 * firstCache);
  private cacheMask = firstCache - 1;

  variable(level: number): number {
    return this.node(level, 0, 1);
  }

  not(a: number): number {
    return this.minus(1, a);
  }

  and(a: number, b: number): number {
    if (a === b || b === 1) return a;
    if (a === 1) return b;
    if (a === 0 || b === 0) return 0;
    return a < b ? this.apply(and, a, b) : this.apply(and, b, a);
  }

  or(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    if (a === 1 || b === 1) return 1;
    return a < b ? this.apply(or, a, b) : this.apply(or, b, a);
  }

  /** What is in `a` and not in `b`. */
  minus(a: number, b: number): number {
    if (a === b || a === 0 || b === 1) return 0;
    if (b === 0) return a;
    return this.apply(minus, a, b);
  }

  xor(a: number, b: number): number {
    if (a === b) return 0;
    if (a === 0) return b;
    if (b === 0) return a;
    return a < b ? this.apply(xor, a, b) : this.apply(xor, b, a);
  }

  /** Whether `and` would be 0; makes no node, and ends at the first that both have. */
  disjoint(a: number, b: number): boolean {
    return this.areDisjoint(a, b) === 1;
  }

  /** Whether `minus` would be 0; makes no node either. */
  implies(a: number, b: number): boolean {
    return this.doesImply(a, b) === 1;
  }

  /** `condition ? then : otherwise`. */
  choose(condition: number, then: number, otherwise: number): number {
    if (condition === 1 || then === otherwise) return then;
    if (condition === 0) return otherwise;
    const level = this.levelOf(condition);
    const isVariable = this.lowOf(condition) === 0 && this.highOf(condition) === 1;
    if (isVariable && level < this.levelOf(then) && level < this.levelOf(otherwise)) {
      return this.node(level, otherwise, then);
    }
    if (then === 1) return this.or(condition, otherwise);
    if (then === 0) return this.minus(otherwise, condition);
    if (otherwise === 0) return this.and(condition, then);
    return this.or(this.and(condition, then), this.minus(otherwise, condition));
  }

  /** Rebuilds a function from the bottom: `make` gets each node once, with what its branches became. */
  rebuild(root: number, make: (level: number, low: number, high: number, node: number) => number): number {
    const done = new Map<number, number>();
    const visit = (node: number): number => {
      if (node < 2) return node;
      const known = done.get(node);
      if (known !== undefined) return known;
      const result = make(this.levelOf(node), visit(this.lowOf(node)), visit(this.highOf(node)), node);
      done.set(node, result);
      return result;
    };
    return visit(root);
  }

  /** Whether a function has at most so many nodes. */
  isSmall(root: number, most: number): boolean {
    const seen = new Set<number>();
    const pending = [root];
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (node < 2 || seen.has(node)) continue;
      seen.add(node);
      if (seen.size > most) return false;
      pending.push(this.lowOf(node), this.highOf(node));
    }
    return true;
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
      found.add(this.levelOf(node));
      pending.push(this.lowOf(node), this.highOf(node));
    }
    return [...found].sort((a, b) => a - b);
  }

  private areDisjoint(a: number, b: number): number {
    if (a === 0 || b === 0) return 1;
    if (a === 1 || b === 1 || a === b) return 0;
    return a < b ? this.apply(disjoint, a, b) : this.apply(disjoint, b, a);
  }

  private doesImply(a: number, b: number): number {
    if (a === b || a === 0 || b === 1) return 1;
    if (b === 0 || a === 1) return 0;
    return this.apply(implies, a, b);
  }

  /** An operation whose operands do not tell its result at once. */
  private apply(operation: Operation, a: number, b: number): number {
    const hashed = hash(a, b, operation);
    const slot = (hashed & this.cacheMask) << 2;
    const { cache, nodes } = this;
    if (cache[slot] === a && cache[slot + 1] === b && cache[slot + 2] === operation) return cache[slot + 3]!;
    const atA = a << 2;
    const atB = b << 2;
    const levelA = nodes[atA]!;
    const levelB = nodes[atB]!;
    let level = levelA;
    let lowA = a;
    let highA = a;
    let lowB = b;
    let highB = b;
    if (levelA <= levelB) {
      lowA = nodes[atA + 1]!;
      highA = nodes[atA + 2]!;
    }
    if (levelB <= levelA) {
      level = levelB;
      lowB = nodes[atB + 1]!;
      highB = nodes[atB + 2]!;
    }
    const result = this.applyBelow(operation, level, lowA, highA, lowB, highB);
    this.remember(hashed, operation, a, b, result);
    return result;
  }

  private applyBelow(
    operation: Operation,
    level: number,
    lowA: number,
    highA: number,
    lowB: number,
    highB: number,
  ): number {
    switch (operation) {
      case and: {
        const low = this.and(lowA, lowB);
        return this.node(level, low, this.and(highA, highB));
      }
      case or: {
        const low = this.or(lowA, lowB);
        return this.node(level, low, this.or(highA, highB));
      }
      case minus: {
        const low = this.minus(lowA, lowB);
        return this.node(level, low, this.minus(highA, highB));
      }
      case xor: {
        const low = this.xor(lowA, lowB);
        return this.node(level, low, this.xor(highA, highB));
      }
      case disjoint:
        return this.areDisjoint(lowA, lowB) === 1 ? this.areDisjoint(highA, highB) : 0;
      case implies:
        return this.doesImply(lowA, lowB) === 1 ? this.doesImply(highA, highB) : 0;
    }
  }

  private remember(hashed: number, operation: Operation, a: number, b: number, result: number): void {
    // as many slots as nodes: fewer forget too much, more are never filled
    if (this.size > this.cacheMask && this.cacheMask < largestCache - 1) this.growCache();
    const { cache } = this;
    const slot = (hashed & this.cacheMask) << 2;
    cache[slot] = a;
    cache[slot + 1] = b;
    cache[slot + 2] = operation;
    cache[slot + 3] = result;
  }

  private growCache(): void {
    const old = this.cache;
    this.cacheMask = 2 * this.cacheMask + 1;
    this.cache = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 4) {
      const slot = (hash(old[at]!, old[at + 1]!, old[at + 2]!) & this.cacheMask) << 2;
      for (let part = 0; part < 4; part++) this.cache[slot + part] = old[at + part]!;
    }
  }
}
