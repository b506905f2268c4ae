import type { Chain } from "./ruleset.ts";

/** Changed chains that are kept beside the others; with more the whole map is copied. */
const mostChanged = 256;

/**
 * Chains by name, some of them in a newer state than in the map below, whose names and order hold: an edit of one chain out of
 * 60,000 copies none of the others.
 */
class ChangedChains implements ReadonlyMap<string, Chain> {
  readonly base: ReadonlyMap<string, Chain>;
  readonly changed: ReadonlyMap<string, Chain>;

  constructor(base: ReadonlyMap<string, Chain>, changed: ReadonlyMap<string, Chain>) {
    this.base = base;
    this.changed = changed;
  }

  get size(): number {
    return this.base.size;
  }

  get(name: string): Chain | undefined {
    return this.changed.get(name) ?? this.base.get(name);
  }

  has(name: string): boolean {
    return this.base.has(name);
  }

  keys(): MapIterator<string> {
    return this.base.keys();
  }

  *entries(): MapIterator<[string, Chain]> {
    for (const [name, chain] of this.base) yield [name, this.changed.get(name) ?? chain];
  }

  *values(): MapIterator<Chain> {
    for (const [name, chain] of this.base) yield this.changed.get(name) ?? chain;
  }

  [Symbol.iterator](): MapIterator<[string, Chain]> {
    return this.entries();
  }

  forEach(take: (chain: Chain, name: string, map: ReadonlyMap<string, Chain>) => void): void {
    for (const [name, chain] of this) take(chain, name, this);
  }
}

/** `base` with other chains in the place of those of the same names. Every name must be in `base`. */
export function withChanged(
  base: ReadonlyMap<string, Chain>,
  changed: ReadonlyMap<string, Chain>,
): ReadonlyMap<string, Chain> {
  if (changed.size === 0) return base;
  const below = base instanceof ChangedChains ? base : undefined;
  const all = below ? new Map([...below.changed, ...changed]) : new Map(changed);
  if (all.size <= mostChanged && base.size > mostChanged) return new ChangedChains(below?.base ?? base, all);
  const copy = new Map(base);
  for (const [name, chain] of changed) copy.set(name, chain);
  return copy;
}

/** The names of the chains that may differ between two maps; `undefined` where any might. */
export function changedNames(
  before: ReadonlyMap<string, Chain>,
  after: ReadonlyMap<string, Chain>,
): Iterable<string> | undefined {
  if (before === after) return [];
  const [older, olderChanged] = partsOf(before);
  const [newer, newerChanged] = partsOf(after);
  return older === newer ? new Set([...olderChanged, ...newerChanged]) : undefined;
}

const partsOf = (map: ReadonlyMap<string, Chain>): readonly [ReadonlyMap<string, Chain>, Iterable<string>] =>
  map instanceof ChangedChains ? [map.base, map.changed.keys()] : [map, []];
