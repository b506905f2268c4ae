import { expect } from "chai";
import fc from "fast-check";
import { NumberList } from "../../src/model/number-list.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { forgetSplice, spliceBetween, tellSplice } from "../../src/model/rule-splice.ts";
import type { Rule } from "../../src/model/ruleset.ts";

const text = `*filter\n${Array.from({ length: 12 }, (_, n) => `-A INPUT -s 10.0.0.${n}/32`).join("\n")}\nCOMMIT\n`;
const { ruleset } = parseRuleset(text, { family: "ipv4" });
const rules: readonly Rule[] = ruleset.tables.get("filter")?.chains.get("INPUT")?.rules ?? [];
const list = fc.array(fc.constantFrom(...rules), { maxLength: 8 });
const part = fc.tuple(fc.nat(8), fc.nat(4));

describe("what makes one list of rules of another", () => {
  it("is found where nobody told it", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const { index, removed, added } = spliceBetween(before, after);
        expect(before.toSpliced(index, removed, ...after.slice(index, index + added))).to.deep.equal(after);
      }),
    );
  });

  it("is what was told of these two lists, until the list changes", () => {
    const before = rules.slice(0, 4);
    const after = rules.slice(0, 5);
    const told = { index: 0, removed: 4, added: 5 };
    tellSplice(before, after, told);
    expect(spliceBetween(before, after)).to.include(told);
    expect(spliceBetween(before.slice(), after)).to.deep.equal({ index: 4, removed: 0, added: 1 });
    forgetSplice(after);
    expect(spliceBetween(before, after)).to.deep.equal({ index: 4, removed: 0, added: 1 });
  });
});

describe("a list of numbers", () => {
  it("is spliced and searched as an array is, and its copies go their own ways", () => {
    const steps = fc.array(fc.tuple(part, fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 })));
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 5 }), fc.nat(9), (all, wanted, from) => {
        const plain: number[] = [];
        const numbers = new NumberList(new Uint16Array(0));
        for (const [[at, count], added] of all) {
          const index = Math.min(at, plain.length);
          const removed = Math.min(count, plain.length - index);
          const other = numbers.spliced(index, removed, added);
          plain.splice(index, removed, ...added);
          numbers.splice(index, removed, added);
          expect(other.length).to.equal(plain.length);
          expect(other.indexOf(wanted, from)).to.equal(plain.indexOf(wanted, from));
          other.splice(0, 0, [wanted]);
        }
        expect(numbers.indexOf(wanted, from)).to.equal(plain.indexOf(wanted, from));
      }),
    );
  });
});
