import { expect } from "chai";
import fc from "fast-check";
import { MacCodes, namedMacs } from "../../src/analyse/mac-codes.ts";
import { PacketSpace } from "../../src/analyse/packet-space.ts";
import { Narrowing } from "../../src/analyse/witness/narrowing.ts";
import { and, equals, inRanges, not } from "../../src/formula/formula.ts";
import { fields } from "../../src/packet/fields.ts";

const most = 2 ** 48 - 1;
const address = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: most - 9, max: most }));
const range = fc
  .tuple(address, address)
  .map(([one, other]): [number, number] => [Math.min(one, other), Math.max(one, other)]);

describe("MAC addresses in sets", () => {
  it("are told apart as numbers, whichever have codes", () => {
    fc.assert(
      fc.property(fc.array(address), fc.array(range), address, (macs, ranges, mac) => {
        const space = new PacketSpace("ipv4", [], { macs });
        const set = space.set(inRanges(fields.macSource, ranges));
        const isIn = ranges.some(([low, high]) => low <= mac && mac <= high);
        const one = space.set(equals(fields.macSource, mac));
        expect(one).not.to.equal(0);
        expect(space.answer(set, one)).to.equal(isIn ? "always" : "never");
        expect(new Narrowing(space, one).value(fields.macSource)).to.equal(BigInt(mac));
      }),
    );
  });

  it("are all in what is asked for or in what is not", () => {
    const others = inRanges(fields.macSource, [
      [0, 4],
      [6, most],
    ]);
    for (const macs of [[], [5], [4, 5, 6, 7]]) {
      const space = new PacketSpace("ipv4", [], { macs });
      const five = equals(fields.macSource, 5);
      expect(space.set(and(not(five), not(others)))).to.equal(0);
      expect(space.set(and(five, others))).to.equal(0);
    }
  });

  it("have short codes where rules name them", () => {
    const formulas = [
      and(equals(fields.macSource, 7), equals(fields.protocol, 6)),
      not(equals(fields.macSource, 9)),
    ];
    expect(namedMacs(formulas)).to.have.members([7, 9]);
    expect(new MacCodes([7, 9]).codeBits).to.equal(2);
    expect(new MacCodes([]).codeBits).to.equal(0);
  });
});
