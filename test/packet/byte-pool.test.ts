import { expect } from "chai";
import fc from "fast-check";
import { ownCopy, pooledBytes, pooledCopy } from "../../src/packet/byte-pool.ts";

describe("packet/byte-pool", () => {
  it("gives memory that nobody else writes to, whatever its length", () => {
    const one = fc.record({
      bytes: fc.uint8Array({ maxLength: 6000 }),
      kind: fc.constantFrom("zeros", "copy", "own"),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), (all) => {
        const given = all.map(({ bytes, kind }) => {
          const start = bytes.length >> 2;
          const end = bytes.length - (bytes.length >> 3);
          const copy = kind === "zeros" ? undefined : kind === "copy" ? pooledCopy : ownCopy;
          const view = copy?.(bytes, start, end) ?? pooledBytes(bytes.length);
          const expected = copy ? bytes.slice(start, end) : new Uint8Array(bytes.length);
          expect(view).to.deep.equal(expected);
          if (copy)
            expect(new Uint8Array(view.buffer, view.byteOffset - start, start)).to.deep.equal(
              bytes.slice(0, start),
            );
          return view;
        });
        for (const [index, view] of given.entries()) view.fill(index + 1);
        for (const [index, view] of given.entries())
          expect(view.every((byte) => byte === index + 1)).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it("does not share the memory of what may be kept", () => {
    const copy = ownCopy(new Uint8Array(100), 14, 80);
    expect([copy.length, copy.buffer.byteLength]).to.deep.equal([66, 100]);
  });
});
