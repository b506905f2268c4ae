import { compile, type Predicate } from "../../formula/compile.ts";
import type { HotdropCase, Requirement, Requirements } from "../../formula/requirements.ts";
import type { Word } from "../../formula/word.ts";
import type { Context, World } from "../../packet/context.ts";
import { buildTree } from "./build-tree.ts";
import type { Found } from "./candidates.ts";
import { PackedRequirements } from "./packed-requirements.ts";
import { type Asked, insert, lookUp, remove, type Tree } from "./tuple-tree.ts";

/** What the index asks of the rule at a place of the chain. */
export type AskRule = (position: number) => Requirements;

/** Chains of fewer rules are walked as they are: there it costs no more. */
export const leastIndexed = 64;

interface Hotdrop {
  readonly protocol: number | undefined;
  readonly test: Predicate;
}

/**
 * Finds the rules of one chain that a packet may match, out of what their formulas require. The rest may be passed over: their
 * tests would fail and do nothing else.
 */
export class ChainIndex {
  readonly #world: World;
  readonly #words: Word[] = [];
  readonly #wordNumbers = new Map<Word, number>();
  readonly #hotdrops: Hotdrop[] = [];
  readonly #hotdropKeys = new Set<string>();
  readonly #requirements: PackedRequirements;
  #tree: Tree | undefined;
  /** By slot: where the rule is now. */
  #positions: Int32Array;
  #slots: number;
  #editsLeft: number;

  constructor(count: number, ask: AskRule, world: World) {
    this.#world = world;
    const room = count + (count >> 2) + 64;
    this.#positions = new Int32Array(room);
    this.#requirements = new PackedRequirements(room);
    this.#slots = count;
    this.#editsLeft = (count >> 2) + 64;
    const asked: (Asked | undefined)[] = [];
    const slots: number[] = [];
    for (let position = 0; position < count; position++) {
      this.#positions[position] = position;
      const wanted = this.#askedOf(ask(position));
      asked.push(wanted);
      if (!wanted) continue;
      slots.push(position);
      this.#requirements.set(position, wanted);
    }
    if (slots.length > 0) this.#tree = buildTree(slots, (slot) => asked[slot]!);
  }

  /** `undefined` where every rule has to be looked at: one might drop the packet on the spot. */
  lookUp(context: Context): Found | undefined {
    const own = context.packet.ruleProtocol(context.backend === "nft");
    for (const { protocol, test } of this.#hotdrops) {
      if ((protocol === undefined || protocol === own) && test(context)) return undefined;
    }
    const words = this.#words.map((word) => word.read(context));
    const lists: (number | number[])[] = [];
    if (this.#tree !== undefined) lookUp(this.#tree, words, lists);
    return { lists, words, positions: this.#positions, requirements: this.#requirements };
  }

  /** Follows an edit: a rule was put at `position`. False where the index had better be built anew. */
  inserted(position: number, requirements: Requirements): boolean {
    const positions = this.#positions;
    const slot = this.#slots;
    if (this.#editsLeft-- <= 0 || slot === positions.length) return false;
    for (let i = 0; i < slot; i++) if (positions[i]! >= position) positions[i]!++;
    positions[slot] = position;
    this.#slots++;
    const asked = this.#askedOf(requirements);
    if (!asked) return true;
    this.#requirements.set(slot, asked);
    this.#tree = insert(this.#tree, slot, asked, (one, other) => positions[one]! < positions[other]!);
    return true;
  }

  /** The rule at `position` was taken out. */
  removed(position: number, requirements: Requirements): boolean {
    if (this.#editsLeft-- <= 0) return false;
    const positions = this.#positions;
    const slot = positions.subarray(0, this.#slots).indexOf(position);
    for (let i = 0; i < this.#slots; i++) if (positions[i]! > position) positions[i]!--;
    positions[slot] = -1;
    const asked = this.#askedOf(requirements);
    if (asked) this.#tree = remove(this.#tree, slot, asked);
    return true;
  }

  /** What a rule asks of the index's words; `undefined` for one that no packet matches. */
  #askedOf({ all, hotdrops }: Requirements): Asked | undefined {
    for (const one of hotdrops) this.#addHotdrop(one);
    const asked = new Map<number, Requirement>();
    for (const requirement of all) {
      if (requirement.values.length === 0) return undefined;
      const word = this.#numberOf(requirement.word);
      const other = asked.get(word);
      if (!other || isFiner(requirement, other)) asked.set(word, requirement);
    }
    return asked;
  }

  #addHotdrop({ key, of, protocol }: HotdropCase): void {
    if (this.#hotdropKeys.has(key)) return;
    this.#hotdropKeys.add(key);
    this.#hotdrops.push({ protocol, test: compile(of, this.#world) });
  }

  #numberOf(word: Word): number {
    let number = this.#wordNumbers.get(word);
    if (number === undefined) {
      number = this.#words.length;
      this.#words.push(word);
      this.#wordNumbers.set(word, number);
    }
    return number;
  }
}

/** Whether fewer packets meet the one; the other's mask decides first. */
function isFiner(one: Requirement, other: Requirement): boolean {
  const more = bits(one.mask) - bits(other.mask);
  return more > 0 || (more === 0 && one.values.length < other.values.length);
}

function bits(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count++;
  return count;
}
