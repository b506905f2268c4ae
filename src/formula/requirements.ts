import { ctstates } from "../packet/connection.ts";
import { type Field, fields } from "../packet/fields.ts";
import type { Formula, Range } from "./formula.ts";
import { deviceWords, lowWord, nameWord, type Word, wordOf, wordsOf } from "./word.ts";

/** What a packet must have for a conjunction to hold: the word under the mask is one of the values. None means never. */
export interface Requirement {
  readonly word: Word;
  readonly mask: number;
  readonly values: readonly number[];
}

/** A way to be dropped on the spot: where `of` holds for a packet of the protocol, or of any. */
export interface HotdropCase {
  readonly of: Formula;
  readonly protocol: number | undefined;
}

/**
 * What can be said beforehand about a conjunction. Law: where the packet misses a requirement and none of the hotdrop cases
 * holds, running the conjunction in its order gives false and does nothing else: no memory is touched, nothing is assumed,
 * the packet is not dropped.
 */
export interface Requirements {
  readonly all: readonly Requirement[];
  readonly hotdrops: readonly HotdropCase[];
  /**
   * Nothing else is asked. Law: where the packet is of the addresses' family, misses no requirement, and none of the hotdrop cases
   * holds, running the conjunction gives true and does nothing else.
   */
  readonly isAll: boolean;
}

/** Reads requirements from the front of a conjunction, up to the first part that may do more than to be true or false. */
export function requirementsOf(parts: readonly Formula[]): Requirements {
  const reading = new Reading();
  reading.readAll(parts);
  return reading;
}

class Reading implements Requirements {
  readonly all: Requirement[] = [];
  readonly hotdrops: HotdropCase[] = [];
  /** Hotdrop cases that matter once a requirement follows. */
  #pending: HotdropCase[] = [];
  #protocol: number | undefined;
  #isAll = true;

  get isAll(): boolean {
    return this.#isAll;
  }

  readAll(parts: readonly Formula[]): void {
    if (!this.conjuncts(parts) || this.#pending.length > 0) this.#isAll = false;
  }

  /** False where nothing behind may be read any more. */
  conjuncts(parts: readonly Formula[]): boolean {
    for (const part of parts) if (!this.#conjunct(part)) return false;
    return true;
  }

  #conjunct(part: Formula): boolean {
    if (part.kind === "and") return this.conjuncts(part.of);
    if (part.kind === "hotdrop") {
      if (!isQuiet(part.of)) return false;
      this.#pending.push({ of: part.of, protocol: this.#protocol });
      return true;
    }
    if (!isQuiet(part)) return false;
    const found = requirementsOfLeaf(part);
    if (!isAllOf(part, found)) this.#isAll = false;
    if (found.length === 0) return true;
    this.hotdrops.push(...this.#pending);
    this.#pending = [];
    this.all.push(...found);
    const protocol = found[0]!;
    if (part.kind === "in" && part.field === fields.protocol && protocol.mask === -1) {
      if (protocol.values.length === 1) this.#protocol = protocol.values[0];
    }
    return true;
  }
}

/** Whether running the formula does nothing but give an answer. */
function isQuiet(formula: Formula): boolean {
  switch (formula.kind) {
    case "and":
    case "or":
      return formula.of.every(isQuiet);
    case "not":
      return isQuiet(formula.of);
    case "opaque":
      return formula.quiet === true;
    case "hotdrop":
    case "stateful":
    case "unknown":
      return false;
    default:
      return true;
  }
}

/** One text for each function of the packet: equal texts are the same function. */
export function keyOf(formula: Formula): string {
  switch (formula.kind) {
    case "in":
      return `${formula.field.name} in ${formula.ranges.join(" ")}`;
    case "masked":
      return `${formula.field.name} & ${formula.mask} = ${formula.value}`;
    case "device":
      return `${formula.field} ${formula.prefix} ${formula.name}`;
    case "and":
    case "or":
      return `${formula.kind} (${formula.of.map(keyOf).join(") (")})`;
    case "not":
    case "hotdrop":
      return `${formula.kind} (${keyOf(formula.of)})`;
    case "opaque":
      return formula.key;
    case "always":
      return String(formula.value);
    case "stateful":
      return formula.label;
    case "unknown":
      return formula.text;
  }
}

const none: readonly Requirement[] = [];

/** What a match may change while it is asked (`-m cluster`, xt_cluster.c): nothing can be said of it beforehand. */
export const changedByMatches: ReadonlySet<Field> = new Set([fields.packetType]);

function requirementsOfLeaf(leaf: Formula): readonly Requirement[] {
  switch (leaf.kind) {
    case "always":
      return leaf.value ? none : [{ word: wordsOf(fields.protocol)[0]!, mask: 0, values: [] }];
    case "in":
      return changedByMatches.has(leaf.field) ? none : ofRanges(leaf.field, leaf.ranges);
    case "masked":
      return changedByMatches.has(leaf.field) ? none : ofMask(leaf);
    case "device":
      return leaf.prefix
        ? none
        : [{ word: deviceWords[leaf.field], mask: -1, values: [nameWord(leaf.name)] }];
    case "not":
      return ofStates(leaf.of);
    default:
      return none;
  }
}

/** Fields that every packet of their family has: -1 is no absent value there. */
const alwaysThere: ReadonlySet<Field> = new Set([
  fields.source4,
  fields.destination4,
  fields.source6,
  fields.destination6,
]);

/** Whether a leaf asks for nothing but these requirements. Where a field is absent, each of them is missed. */
function isAllOf(leaf: Formula, found: readonly Requirement[]): boolean {
  switch (leaf.kind) {
    case "always":
      return true;
    case "in": {
      const [only, ...others] = leaf.ranges;
      const { field } = leaf;
      if (!only || others.length > 0 || only[0] !== only[1] || found.length === 0) return false;
      // a number beyond the field's width is nobody's, but may have the word of one that is absent
      return alwaysThere.has(field) || (field.bits < 32 && only[0] < 2 ** field.bits);
    }
    case "masked":
      return (
        alwaysThere.has(leaf.field) &&
        wordsOf(leaf.field).every((_, i) => (wordOf(leaf.value, i) & ~wordOf(leaf.mask, i)) === 0)
      );
    default:
      return false;
  }
}

function ofMask({ field, mask, value }: Extract<Formula, { kind: "masked" }>): readonly Requirement[] {
  const words = wordsOf(field);
  if (words.length === 1) {
    return field.bits > 32 || mask === 0
      ? none
      : [{ word: words[0]!, mask: lowWord(mask), values: [lowWord(value)] }];
  }
  return words
    .map((word, index) => ({ word, mask: wordOf(mask, index), values: [wordOf(value, index)] }))
    .filter((requirement) => requirement.mask !== 0);
}

/** The states that exclude each other: one of them is every packet's. */
const exclusive =
  ctstates.INVALID | ctstates.ESTABLISHED | ctstates.RELATED | ctstates.NEW | ctstates.UNTRACKED;

/** Of `ctstate & bits` that must not be zero. */
function ofStates(formula: Formula): readonly Requirement[] {
  if (formula.kind !== "masked" || formula.field !== fields.ctstate || formula.value !== 0) return none;
  const bits = Number(formula.mask);
  if (bits & ~exclusive) return none;
  const values = Object.values(ctstates).filter((bit) => bits & bit);
  return [{ word: wordsOf(fields.ctstate)[0]!, mask: exclusive, values }];
}

/** Keys that one rule may have in a hash table: as many as -m multiport takes ports, but few for a single range. */
const mostValues = 16;
const fewValues = 4;

function ofRanges(field: Field, ranges: readonly Range[]): readonly Requirement[] {
  const words = wordsOf(field);
  if (words.length > 1) return ranges.length === 1 ? ofWideRange(words, ranges[0]!) : none;
  const word = words[0]!;
  if (field.bits <= 32) return ofNumbers(word, field.bits, ranges.map(numbers));
  // of wider numbers there is the lowest word, which says nothing of ranges
  if (ranges.length > mostValues || ranges.some(([low, high]) => low !== high)) return none;
  return [{ word, mask: -1, values: [...new Set(ranges.map(([low]) => lowWord(low)))] }];
}

const numbers = ([low, high]: Range): readonly [number, number] => [Number(low), Number(high)];

/** The words that both ends have in common, and the first one that they have not. */
function ofWideRange(words: readonly Word[], [low, high]: Range): readonly Requirement[] {
  if (low > high) return ofNumbers(words[0]!, 32, []);
  const found: Requirement[] = [];
  for (const [index, word] of words.entries()) {
    const from = wordOf(low, index);
    const to = wordOf(high, index);
    if (from !== to) {
      found.push(...ofNumbers(word, 32, [[from >>> 0, to >>> 0]]));
      break;
    }
    found.push({ word, mask: -1, values: [from] });
  }
  return found;
}

/** Covers ranges with few aligned blocks of one size, the smallest that will do. */
function ofNumbers(
  word: Word,
  bits: number,
  ranges: readonly (readonly [low: number, high: number])[],
): readonly Requirement[] {
  const [only] = ranges;
  if (only && ranges.length === 1 && only[0] === only[1]) return [{ word, mask: -1, values: [only[0] | 0] }];
  const most = Math.min(mostValues, Math.max(fewValues, ranges.length));
  for (let shift = 0; shift < bits; shift++) {
    const size = 2 ** shift;
    let count = 0;
    for (const [low, high] of ranges)
      if (low <= high) count += Math.floor(high / size) - Math.floor(low / size) + 1;
    if (count > most) continue;
    const values = new Set<number>();
    for (const [low, high] of ranges)
      for (let block = Math.floor(low / size); block <= Math.floor(high / size); block++)
        values.add((block * size) | 0);
    return [{ word, mask: -size | 0, values: [...values] }];
  }
  return none;
}
