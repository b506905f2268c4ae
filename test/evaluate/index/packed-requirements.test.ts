import { expect } from "chai";
import fc from "fast-check";
import { PackedRequirements } from "../../../src/evaluate/index/packed-requirements.ts";

const asked = fc
  .uniqueArray(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 3 }), fc.array(fc.nat(3), { maxLength: 2 })), {
    selector: ([word]) => word,
    maxLength: 8,
  })
  .map((all) => all.map(([word, mask, values]) => ({ word, mask, values })));

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
          const single = rule.filter(({ values }) => values.length === 1).slice(0, 5);
          const meets = single.every(
            ({ word, mask, values }) => (packet[word]! & mask) === (values[0]! & mask),
          );
          expect(packed.mayMatch(slot, packet)).to.equal(meets);
        });
      }),
    );
  });
});
