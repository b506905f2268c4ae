import { expect } from "chai";
import fc from "fast-check";
import { inCommonOrder } from "../../src/analyse/common-rules.ts";

/** The length of a longest common subsequence, by the textbook's table. */
function longest(before: readonly number[], after: readonly number[]): number {
  const table = before.map(() => after.map(() => 0));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (const [i, a] of before.entries()) {
    for (const [j, b] of after.entries()) {
      const row = table[i];
      if (row) row[j] = a === b ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
    }
  }
  return at(before.length - 1, after.length - 1);
}

describe("inCommonOrder", () => {
  it("keeps what stayed in order", () => {
    expect([...inCommonOrder("abcde".split(""), "axcdb".split(""))].sort().join("")).to.equal("acd");
    expect(inCommonOrder([], [1])).to.have.property("size", 0);
  });

  it("finds a longest common sequence, in both orders", () => {
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const common = inCommonOrder(before, after);
        expect(common.size).to.equal(longest(before, after));
        const kept = (from: readonly number[]) => from.filter((one) => common.has(one));
        expect(kept(before)).to.deep.equal(kept(after));
      }),
    );
  });
});
