import { expect } from "chai";
import fc from "fast-check";
import { Emissions } from "../../src/capture/emissions.ts";

describe("capture/emissions", () => {
  it("knows each sent packet again as often as it was sent, for 5 seconds", () => {
    // few keys, and ones that differ in their upper or lower bits only, so that many meet in one place
    const key = fc.constantFrom(0, 1, 2 ** 21, 2 ** 37, 2 ** 37 + 1, 2 ** 53 - 1);
    const step = fc.record({ key, isSent: fc.boolean(), wait: fc.constantFrom(0, 1, 4) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const emissions = new Emissions();
        const sent = new Map<number, { count: number; at: number }>();
        let now = 0;
        for (const { key, isSent, wait } of steps) {
          now += wait;
          const known = sent.get(key) ?? { count: 0, at: Number.NEGATIVE_INFINITY };
          if (isSent) {
            emissions.add(key, now);
            sent.set(key, { count: known.count + 1, at: now });
          } else {
            const isKnown = known.count > 0 && now - known.at <= 5;
            expect(emissions.take(key, now)).to.equal(isKnown);
            if (isKnown) known.count--;
          }
        }
        expect(emissions.isEmpty).to.equal([...sent.values()].every(({ count }) => count === 0));
      }),
    );
  });

  it("keeps apart what shares places, however many come and go", () => {
    // keys that all want one of three neighbouring places, the last one and the first among them
    const key = fc
      .tuple(fc.constantFrom(-1, 0, 1), fc.nat(12))
      .map(([home, n]) => ((home + 2 ** 20) % 2 ** 20) * 2 ** 21 + n);
    const step = fc.tuple(key, fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 200 }), (steps) => {
        const emissions = new Emissions();
        const counts = new Map<number, number>();
        for (const [key, isSent] of steps) {
          const count = counts.get(key) ?? 0;
          if (isSent) emissions.add(key, 0);
          else expect(emissions.take(key, 0)).to.equal(count > 0);
          counts.set(key, Math.max(0, count + (isSent ? 1 : -1)));
        }
        for (const [key, count] of counts) {
          for (let n = 0; n < count; n++) expect(emissions.take(key, 0)).to.equal(true);
          expect(emissions.take(key, 0)).to.equal(false);
        }
        expect(emissions.isEmpty).to.equal(true);
      }),
    );
  });

  it("forgets the oldest of very many", () => {
    const emissions = new Emissions();
    const spread = (n: number): number => Math.imul(n, 0x9e3779b1) >>> 0;
    const keys = Array.from({ length: 100_000 }, (_, n) => spread(n) * 2 ** 21 + 7);
    for (const key of keys) emissions.add(key, 0);
    const known = keys.filter((key) => emissions.take(key, 0));
    expect(known).to.deep.equal(keys.slice(-known.length));
    expect(known.length).to.be.within(32_768, 65_536);
  });
});
