import { expect } from "chai";
import fc from "fast-check";
import { invertTuple, readTuple, sameTuple } from "../../src/conntrack/tuple.ts";
import { icmp, ipv4, udp } from "./wire.ts";

const port = fc.integer({ min: 0, max: 0xffff });
const ipv4Address = fc.integer({ min: 0, max: 0xffffffff });

describe("tuples", () => {
  it("are their inverse's inverse", () => {
    const tuples = fc.record({
      source: ipv4Address,
      destination: ipv4Address,
      protocol: fc.constantFrom(6, 17, 99),
      sourcePort: port,
      destinationPort: port,
      icmpType: fc.constant(0),
      icmpCode: fc.constant(0),
      zone: port,
    });
    fc.assert(
      fc.property(tuples, (tuple) => {
        const inverse = invertTuple(tuple)!;
        expect(inverse.source).to.equal(tuple.destination);
        expect(inverse.sourcePort).to.equal(tuple.destinationPort);
        expect(sameTuple(invertTuple(inverse)!, tuple)).to.equal(true);
      }),
    );
  });

  it("pair ICMP requests with their answers", () => {
    const inverseType = (type: number) => {
      const read = readTuple(icmp("10.0.0.5", "192.0.2.77", type, 7).bytes, 0, "ipv4", 0);
      return read && invertTuple(read.tuple)?.icmpType;
    };
    expect([8, 0, 13, 14, 15, 16, 17, 18, 3, 9].map(inverseType)).to.deep.equal([
      0,
      8,
      14,
      13,
      16,
      15,
      18,
      17,
      undefined,
      undefined,
    ]);
  });

  it("need a first fragment with its ports", () => {
    const whole = udp("10.0.0.5:1", "192.0.2.77:2").bytes;
    expect(readTuple(whole, 0, "ipv4", 0)?.tuple.destinationPort).to.equal(2);
    const later = whole.slice();
    later[7] = 1;
    expect(readTuple(later, 0, "ipv4", 0)).to.equal(undefined);
    expect(readTuple(whole.slice(0, 23), 0, "ipv4", 0)).to.equal(undefined);
    expect(readTuple(ipv4("10.0.0.5", "192.0.2.77", 99, new Uint8Array(0)).bytes, 0, "ipv4", 0)).to.not.equal(
      undefined,
    );
  });
});
