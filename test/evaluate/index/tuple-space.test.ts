import { expect } from "chai";
import fc from "fast-check";
import { chooseTuples } from "../../../src/evaluate/index/choose-tuples.ts";
import type { Asked } from "../../../src/evaluate/index/tuple.ts";
import { isSlot, placeOf, TupleSpace } from "../../../src/evaluate/index/tuple-space.ts";
import { wordsOf } from "./words-of.ts";

const masks = [-1, 0xfc, 0x0f, 0x03, 0x80];
const asked: fc.Arbitrary<Asked> = fc
  .uniqueArray(
    fc.tuple(
      fc.nat(3),
      fc.constantFrom(...masks),
      fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 4 }),
    ),
    { selector: ([word]) => word, maxLength: 4 },
  )
  .map((all) => ({ words: all.map(([word, mask, values]) => ({ word, mask, values })), isAll: true }));
const packet = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });

const meets = (rule: Asked, words: readonly number[]): boolean =>
  rule.words.every(({ word, mask, values }) =>
    values.some((value) => (value & mask) === (words[word]! & mask)),
  );

/** The slots that are found, and each bucket's by itself. */
function found(space: TupleSpace, words: readonly number[]): readonly (readonly number[])[] {
  const count = space.lookUp(wordsOf(words));
  const buckets = [...space.found.subarray(0, count)];
  const { numbers } = space.lists;
  return buckets.map((bucket) => {
    const at = placeOf(bucket);
    return isSlot(bucket) ? [at] : [...numbers.subarray(at + 1, at + 1 + numbers[at]!)];
  });
}

describe("a tuple space", () => {
  it("finds each rule whose requirements a packet meets, in rule order, as rules come and go", () => {
    const rules = fc.array(asked, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rules, rules, fc.infiniteStream(fc.boolean()), packet, (chosenBy, all, stays, words) => {
        // of other rules than those that come
        const space = new TupleSpace(chooseTuples(chosenBy));
        // the last ones stand first
        const isBefore = (one: number, other: number): boolean => one > other;
        all.forEach((rule, slot) => {
          space.insert(slot, rule, isBefore);
        });
        const gone = new Set([...all.keys()].filter(() => !stays.next().value));
        for (const slot of gone) space.remove(slot, all[slot]!);
        const buckets = found(space, words);
        for (const slots of buckets)
          expect(slots).to.deep.equal([...slots].sort((one, other) => other - one));
        for (const [slot, rule] of all.entries()) {
          const isFound = buckets.some((slots) => slots.includes(slot));
          if (gone.has(slot)) expect(isFound).to.equal(false);
          else if (meets(rule, words)) expect(isFound).to.equal(true);
        }
      }),
    );
  });

  it("leaves few rules to look at where their requirements differ", () => {
    const ofWords = (...words: Asked["words"]): Asked => ({ words, isAll: true });
    const ofNetwork = (n: number): Asked => ofWords({ word: 0, mask: ~0xff, values: [n << 8] });
    const ofPort = (n: number): Asked => ofWords({ word: 1, mask: -1, values: [n, n + 1] });
    const ofBoth = (n: number): Asked =>
      ofWords({ word: 0, mask: ~0xffff, values: [(n & 3) << 16] }, { word: 1, mask: -1, values: [n] });
    const rules = Array.from({ length: 900 }, (_, n) => [ofNetwork, ofPort, ofBoth][n % 3]!(n));
    const space = new TupleSpace(chooseTuples(rules));
    rules.forEach((rule, slot) => {
      space.insert(slot, rule, (one, other) => one < other);
    });
    const looked = Array.from({ length: 900 }, (_, n) => found(space, [n << 8, n]).flat().length);
    expect(Math.max(...looked)).to.be.below(10);
  });
});
