import { expect } from "chai";
import fc from "fast-check";
import { PackedRequirements } from "../../../src/evaluate/index/packed-requirements.ts";
import { wordsOf } from "./words-of.ts";

const asked = fc
  .uniqueArray(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 3 }), fc.array(fc.nat(3), { maxLength: 2 })), {
    selector: ([word]) => word,
    maxLength: 8,
  })
  .chain((all) =>
    fc
      .boolean()
      .map((isAll) => ({ words: all.map(([word, mask, values]) => ({ word, mask, values })), isAll })),
  );

describe("packed requirements", () => {
  it("say of no rule that it cannot match which can, and notice each of a few that is missed", () => {
    const words = fc.array(fc.nat(3), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 4 }), words, (rules, packet) => {
        const packed = new PackedRequirements(rules.length);
        rules.forEach((rule, slot) => {
          packed.set(slot, rule);
        });
        rules.forEach((rule, slot) => {
          const single = rule.words.filter(({ values }) => values.length === 1).slice(0, 5);
          const meets = single.every(
            ({ word, mask, values }) => (packet[word]! & mask) === (values[0]! & mask),
          );
          expect(packed.mayMatch(slot, wordsOf(packet))).to.equal(meets);
          expect(packed.isSure(slot)).to.equal(rule.isAll && single.length === rule.words.length);
        });
      }),
    );
  });
});
