import { compile, type Predicate } from "../../formula/compile.ts";
import type { Formula } from "../../formula/formula.ts";
import { type HotdropCase, keyOf, type Requirements } from "../../formula/requirements.ts";
import type { Word } from "../../formula/word.ts";
import type { Context, World } from "../../packet/context.ts";
import { Candidates, type Rules } from "./candidates.ts";
import { chooseTuples } from "./choose-tuples.ts";
import { KeyedSlots } from "./keyed-slots.ts";
import { PackedRequirements } from "./packed-requirements.ts";
import { PacketWords } from "./packet-words.ts";
import { type Asked, type AskedWord, bitsOf } from "./tuple.ts";
import { isSlot, placeOf, TupleSpace } from "./tuple-space.ts";

/** What the index asks of the rule at a place of the chain. */
export type AskRule = (position: number) => Requirements;

/** Chains of fewer rules are walked as they are: there it costs no more. */
export const leastIndexed = 64;

/** Slots of a list that are looked at before the walk comes to them. */
const fewSlots = 16;

/** Rules by which tuples are chosen. */
const mostSampled = 4096;

interface Hotdrop {
  readonly of: Formula;
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
  readonly #space: TupleSpace;
  /** By slot: where the rule is now. */
  readonly #positions: Int32Array;
  readonly #rules: Rules;
  /** The words of the packet at hand. */
  #packetWords: PacketWords | undefined;
  #slots: number;
  #editsLeft: number;

  constructor(count: number, ask: AskRule, world: World) {
    this.#world = world;
    const room = count + (count >> 2) + 64;
    this.#positions = new Int32Array(room);
    this.#requirements = new PackedRequirements(room);
    this.#editsLeft = (count >> 2) + 64;
    this.#slots = count;
    const step = Math.ceil(count / mostSampled);
    const sample: (Asked | undefined)[] = [];
    for (let position = 0; position < count; position += step) sample.push(this.#askedOf(ask(position)));
    this.#space = new TupleSpace(
      chooseTuples(
        sample.filter((asked) => asked !== undefined),
        step,
      ),
    );
    // one rule after the other, so that nothing of 160,000 stays in memory at once
    const keyed = new KeyedSlots();
    for (let position = 0; position < count; position++) {
      this.#positions[position] = position;
      const asked = position % step === 0 ? sample[position / step] : this.#askedOf(ask(position));
      // those that no packet matches stay out
      if (!asked) continue;
      this.#requirements.set(position, asked);
      for (const key of this.#space.keysOf(asked)) keyed.add(key, position);
    }
    this.#space.fill(keyed);
    const { lists } = this.#space;
    this.#rules = { lists, requirements: this.#requirements, positions: this.#positions };
  }

  /** The rules that the packet may match; `undefined` where every rule has to be looked at: one might drop it on the spot. */
  lookUp(context: Context): Candidates | undefined {
    const own = context.packet.ruleProtocol(context.backend === "nft");
    for (const { protocol, test } of this.#hotdrops) {
      if ((protocol === undefined || protocol === own) && test(context)) return undefined;
    }
    const space = this.#space;
    this.#packetWords ??= new PacketWords(this.#words, context);
    const words = this.#packetWords;
    words.turnTo(context);
    const found = space.lookUp(words);
    const { numbers } = space.lists;
    const candidates = new Candidates(this.#rules);
    for (let i = 0; i < found; i++) {
      const bucket = space.found[i]!;
      const place = placeOf(bucket);
      if (isSlot(bucket)) candidates.add(place, words);
      else if (numbers[place]! <= fewSlots) {
        for (let at = place + 1; at <= place + numbers[place]!; at++) candidates.add(numbers[at]!, words);
      } else candidates.addLong(place, this.#ownWords(context));
    }
    return candidates;
  }

  /** Words that stay this packet's, also where another one comes to the chain before its walk is over. */
  #ownWords(context: Context): PacketWords {
    const own = new PacketWords(this.#words, context);
    own.readAll();
    return own;
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
    this.#space.insert(slot, asked, (one, other) => positions[one]! < positions[other]!);
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
    if (asked) this.#space.remove(slot, asked);
    return true;
  }

  /** What a rule asks of the index's words; `undefined` for one that no packet matches. */
  #askedOf({ all, hotdrops, isAll: everything }: Requirements): Asked | undefined {
    for (const one of hotdrops) this.#addHotdrop(one);
    const asked: AskedWord[] = [];
    let isAll = everything;
    for (const { word, mask, values } of all) {
      if (values.length === 0) return undefined;
      const one = { word: this.#numberOf(word), mask, values };
      const at = asked.findIndex((other) => other.word === one.word);
      if (at < 0) asked.push(one);
      else {
        isAll = false;
        if (isFiner(one, asked[at]!)) asked[at] = one;
      }
    }
    return { words: asked, isAll };
  }

  #addHotdrop({ of, protocol }: HotdropCase): void {
    if (this.#hotdrops.some((one) => one.of === of && one.protocol === protocol)) return;
    const key = `${protocol} ${keyOf(of)}`;
    if (this.#hotdropKeys.has(key)) return;
    this.#hotdropKeys.add(key);
    this.#hotdrops.push({ of, protocol, test: compile(of, this.#world) });
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
function isFiner(one: AskedWord, other: AskedWord): boolean {
  const more = bitsOf(one.mask) - bitsOf(other.mask);
  return more > 0 || (more === 0 && one.values.length < other.values.length);
}
