import { type Asked, askedOf, bitsOf, fits, keysOf, type Tuple } from "./tuple.ts";

/** Rules that choices are made by. */
const sampleSize = 512;
/** Tuples beyond which no choice is made. */
const mostTuples = 24;
/** Masks of one word that rules are told apart by. */
const mostMasks = 6;
/** What one more look-up costs, in rules looked at. */
const costOfTuple = 2;
/** A choice is taken where it leaves at most this part of the cost. */
const worthwhile = 0.8;

/** Rules, each of which stands for as many. */
interface Weighted {
  readonly rules: readonly Asked[];
  readonly weight: number;
}

/** Rules of a sample that are to be found by the same tuple. */
interface Group {
  readonly tuple: Tuple;
  readonly rules: readonly Asked[];
  /** Rules that a packet of their kind meets, a look-up included. */
  readonly cost: number;
}

/**
 * Tuples that rules are best found by, in the order in which a rule is to try them, the empty one last. A choice is made by what it
 * leaves to be looked at, for packets of the kind that the rules are about: a rule is met by all others that have a key in common
 * with it. Each of `rules` stands for `weight` of them.
 */
export function chooseTuples(rules: readonly Asked[], weight = 1): readonly Tuple[] {
  const tuples: Tuple[] = [];
  refine([], { rules, weight }, new Set(), tuples);
  return [...tuples.filter((tuple) => tuple.length > 0), []];
}

/**
 * Adds the tuple, or better ones of one word more: those with the best word, and what is best for the rules that do not ask for
 * it. `tried` are the words that are not asked for, or are in the tuple already.
 */
function refine(tuple: Tuple, { rules, weight }: Weighted, tried: ReadonlySet<number>, into: Tuple[]): void {
  if (rules.length === 0) return;
  const best = into.length < mostTuples ? new Choice({ rules, weight }).best(tuple, tried) : undefined;
  if (best === undefined) {
    into.push(tuple);
    return;
  }
  const parts = best.tuples.map((): Asked[] => []);
  const rest: Asked[] = [];
  for (const asked of rules) {
    const index = best.tuples.findIndex((finer) => fits(finer, asked));
    (parts[index] ?? rest).push(asked);
  }
  const without = new Set([...tried, best.word]);
  for (const [index, part] of parts.entries()) {
    refine(best.tuples[index]!, { rules: part, weight }, without, into);
  }
  refine(tuple, { rules: rest, weight }, without, into);
}

/** Weighs the words that some rules ask for, by a sample of them. */
class Choice {
  readonly #sample: readonly Asked[];
  /** Rules for each of the sample. */
  readonly #scale: number;

  constructor({ rules, weight }: Weighted) {
    const size = Math.min(rules.length, sampleSize);
    const step = rules.length / size;
    this.#scale = step * weight;
    this.#sample = Array.from({ length: size }, (_, i) => rules[Math.floor(i * step)]!);
  }

  /** The word that it costs least to tell rules apart by, and the tuples it makes; `undefined` where the tuple alone will do. */
  best(tuple: Tuple, tried: ReadonlySet<number>) {
    let best: { readonly word: number; readonly tuples: readonly Tuple[] } | undefined;
    let least = worthwhile * this.#group(tuple, this.#sample).cost;
    for (const word of new Set(this.#sample.flatMap((asked) => asked.words.map(({ word }) => word)))) {
      if (tried.has(word)) continue;
      const others = this.#sample.filter((asked) => !askedOf(asked, word));
      if (this.#group(tuple, others).cost >= least) continue;
      const groups = this.#groupsBy(word, tuple);
      const found = new Set(groups.flatMap(({ rules }) => rules));
      const rest = this.#sample.filter((asked) => !found.has(asked));
      let cost = rest.length > 0 ? this.#group(tuple, rest).cost : 0;
      for (const group of groups) cost += group.cost;
      if (cost >= least) continue;
      least = cost;
      best = { word, tuples: groups.map((group) => group.tuple) };
    }
    return best;
  }

  #group(tuple: Tuple, rules: readonly Asked[]): Group {
    const met = (pairs(tuple, rules) * this.#scale) / Math.max(1, rules.length);
    return { tuple, rules, cost: costOfTuple + met };
  }

  /** Begins with a group for each mask, and takes neighbours together as long as that costs less, or there are too many. */
  #groupsBy(word: number, tuple: Tuple): readonly Group[] {
    const byMask = new Map<number, Asked[]>();
    for (const asked of this.#sample) {
      const mask = askedOf(asked, word)?.mask;
      if (mask === undefined) continue;
      const known = byMask.get(mask);
      if (known) known.push(asked);
      else byMask.set(mask, [asked]);
    }
    const masks = [...byMask.keys()].sort((one, other) => bitsOf(other) - bitsOf(one));
    const of = (mask: number, own: readonly Asked[]): Joinable => {
      const finer = [...tuple, { word, mask }];
      return {
        mask,
        group: this.#group(
          finer,
          own.filter((asked) => fits(finer, asked)),
        ),
      };
    };
    const found = masks.map((mask) => of(mask, byMask.get(mask)!));
    const joined = found.slice(1).map((each, i) => join(found[i]!, each, of));
    while (joined.length > 0) {
      let at = 0;
      for (let i = 1; i < joined.length; i++) if (joined[i]!.saved > joined[at]!.saved) at = i;
      const { both, saved } = joined[at]!;
      if (saved <= 0 && found.length <= mostMasks) break;
      found.splice(at, 2, both);
      joined.splice(at, 1);
      if (at > 0) joined[at - 1] = join(found[at - 1]!, both, of);
      if (at < joined.length) joined[at] = join(both, found[at + 1]!, of);
    }
    return found.filter(({ mask }) => mask !== 0).map(({ group }) => group);
  }
}

interface Joinable {
  readonly mask: number;
  readonly group: Group;
}

/** Two groups as one, under what their masks have in common. */
function join(one: Joinable, other: Joinable, of: (mask: number, rules: readonly Asked[]) => Joinable) {
  const both = of(one.mask & other.mask, [...one.group.rules, ...other.group.rules]);
  return { both, saved: one.group.cost + other.group.cost - both.group.cost };
}

/** How often two of the rules have a key in common, in either order. */
function pairs(tuple: Tuple, rules: readonly Asked[]): number {
  if (tuple.length === 0) return rules.length * (rules.length - 1);
  const counts = new Map<number, number>();
  let found = 0;
  for (const asked of rules) {
    for (const key of keysOf(tuple, asked, 1)) {
      const before = counts.get(key) ?? 0;
      found += 2 * before;
      counts.set(key, before + 1);
    }
  }
  return found;
}
