import { expect } from "chai";
import fc from "fast-check";
import { invertPacked, packTuple, unpackTuple } from "../../src/conntrack/packed-tuple.ts";
import { invertTuple } from "../../src/conntrack/tuple.ts";

const u = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const ipv6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const rest = {
  protocol: fc.oneof(u(8), fc.constantFrom(1, 6, 17, 58)),
  sourcePort: u(16),
  destinationPort: u(16),
  icmpType: u(8),
  icmpCode: u(8),
  zone: u(16),
};
const tuples = fc.oneof(
  fc.record({ source: u(32), destination: u(32), ...rest }),
  fc.record({ source: ipv6, destination: ipv6, ...rest }),
);

describe("packed tuples", () => {
  it("unpack to what they were made of", () => {
    fc.assert(
      fc.property(tuples, (tuple) => {
        expect(unpackTuple(packTuple(tuple), tuple.zone)).to.deep.equal(tuple);
      }),
    );
  });

  it("are inverted as unpacked ones are", () => {
    fc.assert(
      fc.property(tuples, (tuple) => {
        const inverse = invertPacked(packTuple(tuple));
        expect(inverse && unpackTuple(inverse, tuple.zone)).to.deep.equal(invertTuple(tuple));
      }),
    );
  });
});
