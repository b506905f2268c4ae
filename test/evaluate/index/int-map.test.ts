import { expect } from "chai";
import fc from "fast-check";
import { IntMap } from "../../../src/evaluate/index/int-map.ts";

const key = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  // networks: the low bits are all zero
  fc.integer({ min: 0, max: 255 }).map((n) => (10 << 24) | (n << 16)),
);

describe("a map from int32", () => {
  it("holds what a Map would hold", () => {
    const steps = fc.array(fc.tuple(key, fc.option(fc.nat(9), { nil: undefined })), { maxLength: 300 });
    fc.assert(
      fc.property(steps, key, (all, other) => {
        const map = new IntMap<number>();
        const plain = new Map<number, number>();
        for (const [at, value] of all) {
          map.set(at, value);
          if (value === undefined) plain.delete(at);
          else plain.set(at, value);
        }
        for (const at of [...all.map(([each]) => each), other]) expect(map.get(at)).to.equal(plain.get(at));
      }),
    );
  });
});
