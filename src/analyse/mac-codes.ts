import type { Formula, Range } from "../formula/formula.ts";
import { fields } from "../packet/fields.ts";
import type { Bdd } from "./bdd.ts";
import { inRanges, type Vector } from "./vector.ts";

/** The MAC addresses that formulas ask for one by one. */
export function namedMacs(formulas: Iterable<Formula>): readonly number[] {
  const named = new Set<number>();
  const visit = (formula: Formula): void => {
    switch (formula.kind) {
      case "and":
      case "or":
        for (const part of formula.of) visit(part);
        return;
      case "not":
        visit(formula.of);
        return;
      case "in":
        if (formula.field !== fields.macSource) return;
        for (const [low, high] of formula.ranges) if (low === high) named.add(Number(low));
    }
  };
  for (const formula of formulas) visit(formula);
  return [...named];
}

/**
 * What the variables of a MAC address mean, as with the names of interfaces: those that were told beforehand have a short
 * code each, any other code says that the address is written out behind it. Written out, an address that has a code is
 * no address: every set takes it as it takes the next lower one without a code (the lowest ones as the next higher one).
 */
export class MacCodes {
  /** Bits of a code. */
  readonly codeBits: number;
  /** Ascending, so that the codes of a range stand together. */
  private readonly macs: readonly number[];

  constructor(macs: readonly number[]) {
    this.macs = [...new Set(macs)].sort((a, b) => a - b);
    this.codeBits = Math.ceil(Math.log2(this.macs.length + 1));
  }

  /** The packets whose address lies in one of the ranges. */
  set(bdd: Bdd, code: Vector, spelled: Vector, ranges: readonly Range[]): number {
    const codes: Range[] = [];
    const others: Range[] = [];
    const least = this.unnamedFrom(0);
    for (const [from, to] of ranges) {
      const [first, end] = [this.below(Number(from)), this.below(Number(to) + 1)];
      if (end > first) codes.push([first, end - 1]);
      const low = this.unnamedFrom(Number(from));
      if (low <= to) others.push([low === least ? 0 : low, this.unnamedFrom(Number(to) + 1) - 1]);
    }
    return bdd.or(
      inRanges(bdd, code, codes),
      bdd.and(this.another(bdd, code), inRanges(bdd, spelled, others)),
    );
  }

  /** The address as a number of 48 bits. */
  vector(bdd: Bdd, code: Vector, spelled: Vector): Vector {
    const another = this.another(bdd, code);
    return spelled.map((bit, at) => {
      const weight = 2 ** (spelled.length - 1 - at);
      const set = this.macs.flatMap((mac, own): Range[] =>
        Math.floor(mac / weight) % 2 === 1 ? [[own, own]] : [],
      );
      return bdd.or(inRanges(bdd, code, set), bdd.and(another, bit));
    });
  }

  private another(bdd: Bdd, code: Vector): number {
    return inRanges(bdd, code, [[this.macs.length, 2 ** this.codeBits - 1]]);
  }

  /** How many addresses with a code are less than this. */
  private below(mac: number): number {
    let [from, to] = [0, this.macs.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.macs[middle]! < mac) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** The first address from this one on that has no code. */
  private unnamedFrom(mac: number): number {
    let next = mac;
    for (let at = this.below(mac); this.macs[at] === next; at++) next++;
    return next;
  }
}
