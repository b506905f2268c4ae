import { Chance } from "../../fuzz/random.ts";

/** FNV-1a over the UTF-16 code units of a text, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Chance with the throws that generators need; one seed text, one course. */
export class Dice extends Chance {
  constructor(seed: string) {
    super(hash(seed));
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True with the given probability. */
  maybe(probability: number): boolean {
    return this.next() < probability;
  }

  /** One value by weight. The weights' sum is above 0. */
  weighed<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let rest = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return choices[choices.length - 1]![1];
  }

  /** `count` different ones of a list, in its order; all where it has fewer. */
  some<T>(list: readonly T[], count: number): T[] {
    const left = list.map((_, index) => index);
    while (left.length > count) left.splice(this.below(left.length), 1);
    return left.map((index) => list[index] as T);
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    const result: T[] = [];
    while (left.length > 0) result.push(...left.splice(this.below(left.length), 1));
    return result;
  }

  /** 32 random bits. */
  word(): number {
    return Math.floor(this.next() * 0x100000000);
  }
}
