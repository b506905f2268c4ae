import type { Requirement } from "../../formula/requirements.ts";
import type { IntMap } from "./int-map.ts";

/**
 * A rule's slot; several, in rule order; or a choice by one word of the packet. Looked up, a tree gives the slots of all
 * rules whose requirements the packet may meet, in a few lists each of which is in rule order.
 */
export type Tree = number | number[] | Node;

/** Rules by what they ask of one word: those that ask for it under one of the levels' masks, and the rest. */
export interface Node {
  /** Which of the index's words. */
  readonly word: number;
  /** A rule stands in the first level whose mask lies within the rule's own. */
  readonly levels: Level[];
  rest: Tree | undefined;
}

export interface Level {
  readonly mask: number;
  readonly children: IntMap<Tree>;
}

/** Collects the lists of slots for a packet with these words. */
export function lookUp(tree: Tree, words: readonly number[], into: (number | number[])[]): void {
  let at: Tree | undefined = tree;
  while (at !== undefined) {
    if (typeof at === "number" || Array.isArray(at)) {
      into.push(at);
      return;
    }
    const value = words[at.word]!;
    for (const { mask, children } of at.levels) {
      const child = children.get(value & mask);
      if (child === undefined) continue;
      if (typeof child === "object" && !Array.isArray(child)) lookUp(child, words, into);
      else into.push(child);
    }
    at = at.rest;
  }
}

/** What one rule asks of the index's words, by word; at most one requirement for each. */
export type Asked = ReadonlyMap<number, Pick<Requirement, "mask" | "values">>;

/** The level of a node that a rule with such a requirement belongs to. */
export const levelFor = ({ levels }: Node, mask: number): Level | undefined =>
  levels.find((level) => (level.mask & mask) === level.mask);

/** The values under a level's mask, each once. */
export function keysAt(mask: number, values: readonly number[]): readonly number[] {
  if (values.length === 1) return [values[0]! & mask];
  return [...new Set(values.map((value) => value & mask))];
}

/** Puts a slot where its rule belongs; `isBefore` is the rules' order. Gives the tree that takes the old one's place. */
export function insert(
  tree: Tree | undefined,
  slot: number,
  asked: Asked,
  isBefore: (slot: number, other: number) => boolean,
): Tree {
  if (tree === undefined) return slot;
  if (typeof tree === "number") return isBefore(slot, tree) ? [slot, tree] : [tree, slot];
  if (Array.isArray(tree)) {
    let low = 0;
    for (let high = tree.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (isBefore(tree[middle]!, slot)) low = middle + 1;
      else high = middle;
    }
    tree.splice(low, 0, slot);
    return tree;
  }
  const own = asked.get(tree.word);
  const level = own && levelFor(tree, own.mask);
  if (own === undefined || level === undefined) {
    tree.rest = insert(tree.rest, slot, asked, isBefore);
    return tree;
  }
  for (const key of keysAt(level.mask, own.values)) {
    level.children.set(key, insert(level.children.get(key), slot, asked, isBefore));
  }
  return tree;
}

/** Takes a slot out again; gives what is left. */
export function remove(tree: Tree | undefined, slot: number, asked: Asked): Tree | undefined {
  if (tree === undefined || tree === slot) return undefined;
  if (typeof tree === "number") return tree;
  if (Array.isArray(tree)) {
    const at = tree.indexOf(slot);
    if (at >= 0) tree.splice(at, 1);
    return tree.length === 0 ? undefined : tree;
  }
  const own = asked.get(tree.word);
  const level = own && levelFor(tree, own.mask);
  if (own === undefined || level === undefined) {
    tree.rest = remove(tree.rest, slot, asked);
    return tree;
  }
  for (const key of keysAt(level.mask, own.values)) {
    const left = remove(level.children.get(key), slot, asked);
    level.children.set(key, left);
  }
  return tree;
}
