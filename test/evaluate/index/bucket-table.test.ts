import { expect } from "chai";
import fc from "fast-check";
import { BucketTable } from "../../../src/evaluate/index/bucket-table.ts";

const key = fc
  .oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    // many for the same place
    fc.integer({ min: 0, max: 255 }).map((n) => n << 16),
  )
  .filter((each) => each !== 0);

describe("a table of buckets", () => {
  it("holds what a Map would hold", () => {
    const steps = fc.array(fc.tuple(key, fc.nat(9)), { maxLength: 300 });
    fc.assert(
      fc.property(steps, key, (all, other) => {
        const table = new BucketTable();
        const plain = new Map<number, number>();
        for (const [at, value] of all) {
          table.set(at, value);
          plain.set(at, value);
        }
        for (const at of [...all.map(([each]) => each), other])
          expect(table.get(at)).to.equal(plain.get(at) ?? 0);
      }),
    );
  });
});
