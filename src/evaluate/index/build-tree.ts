import { IntMap } from "./int-map.ts";
import { type Asked, keysAt, type Level, levelFor, type Node, type Tree } from "./tuple-tree.ts";

/** Lists that are not longer are looked through. */
const shortList = 8;
/** Rules that a choice is made by. */
const sampleSize = 512;
/** Hash tables that one node asks at most. */
const mostLevels = 6;
/** A choice is worth its price where it leaves at most this part of the rules. */
const worthwhile = 0.8;
/** What asking one more table costs, in rules looked at. */
const costOfLevel = 0.5;

/** A tree over rules in their order; `askedBy(slot)` says what each one asks. */
export function buildTree(slots: readonly number[], askedBy: (slot: number) => Asked): Tree {
  if (slots.length === 1) return slots[0]!;
  if (slots.length <= shortList) return [...slots];
  const word = chooseWord(slots, askedBy);
  if (word === undefined) return [...slots];
  return split(word, slots, askedBy);
}

function split(word: number, slots: readonly number[], askedBy: (slot: number) => Asked): Tree {
  const node: Node = { word, levels: [], rest: undefined };
  for (const mask of chooseMasks(word, slots, askedBy)) node.levels.push({ mask, children: new IntMap() });
  const parts = new Map<Level, Map<number, number[]>>(node.levels.map((level) => [level, new Map()]));
  const rest: number[] = [];
  for (const slot of slots) {
    const own = askedBy(slot).get(word);
    const level = own && levelFor(node, own.mask);
    const part = level && parts.get(level);
    if (!part) {
      rest.push(slot);
      continue;
    }
    for (const key of keysAt(level.mask, own.values)) {
      const list = part.get(key);
      if (list) list.push(slot);
      else part.set(key, [slot]);
    }
  }
  for (const [{ children }, part] of parts) {
    for (const [key, list] of part) children.set(key, buildTree(list, askedBy));
  }
  if (rest.length > 0) node.rest = buildTree(rest, askedBy);
  return node;
}

/**
 * The word that leaves the fewest rules to look at, for packets of the kind that the rules are about: a rule that asks for a
 * value is met by the others that ask for the same one, and by those that do not ask.
 */
function chooseWord(slots: readonly number[], askedBy: (slot: number) => Asked): number | undefined {
  const step = Math.max(1, slots.length / sampleSize);
  const size = Math.min(slots.length, sampleSize);
  const counts = new Map<number, { asking: number; masks: Map<number, Map<number, number>> }>();
  for (let i = 0; i < size; i++) {
    for (const [word, { mask, values }] of askedBy(slots[Math.floor(i * step)]!)) {
      let count = counts.get(word);
      if (!count) {
        count = { asking: 0, masks: new Map() };
        counts.set(word, count);
      }
      count.asking++;
      let byValue = count.masks.get(mask);
      if (!byValue) {
        byValue = new Map();
        count.masks.set(mask, byValue);
      }
      for (const value of values) byValue.set(value, (byValue.get(value) ?? 0) + 1);
    }
  }
  let best: number | undefined;
  let least = worthwhile * slots.length;
  for (const [word, { asking, masks }] of counts) {
    let left = size - asking;
    for (const byValue of masks.values())
      for (const count of byValue.values()) left += (count * (count - 1)) / size;
    const cost = (left * slots.length) / size + costOfLevel * masks.size;
    if (cost < least) {
      least = cost;
      best = word;
    }
  }
  return best;
}

/** The masks under which rules ask for a word, finest first; too many are taken together under coarser ones. */
function chooseMasks(
  word: number,
  slots: readonly number[],
  askedBy: (slot: number) => Asked,
): readonly number[] {
  const counts = new Map<number, number>();
  for (const slot of slots) {
    const mask = askedBy(slot).get(word)?.mask;
    if (mask !== undefined) counts.set(mask, (counts.get(mask) ?? 0) + 1);
  }
  const masks = [...counts.keys()].sort((a, b) => bitsOf(b) - bitsOf(a));
  while (masks.length > mostLevels) {
    let rarest = 0;
    for (let i = 1; i < masks.length - 1; i++) {
      if (counts.get(masks[i]!)! < counts.get(masks[rarest]!)!) rarest = i;
    }
    const [mask, coarser] = masks.splice(rarest, 2) as [number, number];
    const both = mask & coarser;
    counts.set(both, (counts.get(mask) ?? 0) + (counts.get(coarser) ?? 0));
    if (both !== 0 && !masks.includes(both)) masks.splice(rarest, 0, both);
  }
  return masks;
}

function bitsOf(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count++;
  return count;
}
