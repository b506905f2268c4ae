import { expect } from "chai";
import fc from "fast-check";
import { reassembledEcn } from "../../src/evaluate/fragment-ecn.ts";
import { fragments6 } from "../../src/evaluate/fragment6.ts";
import { Reassembly6 } from "../../src/evaluate/reassembly6.ts";
import { buildIpv6 } from "../../src/packet/build.ts";
import { findFragmentHeader } from "../../src/packet/ipv6-extension-headers.ts";
import { Packet } from "../../src/packet/packet.ts";

const ends = { source: 1n << 100n, destination: 2n << 100n };

/** A piece of a UDP datagram's bytes from `start` on. */
const piece = (data: Uint8Array, start: number, end: number, more = end < data.length): Packet => {
  const word = start | (more ? 1 : 0);
  const header = [17, 0, word >> 8, word & 255, 0, 0, 0, 7];
  const payload = Uint8Array.from([...header, ...data.subarray(start, end)]);
  return new Packet(buildIpv6({ ...ends, protocol: 44, payload }));
};

const data = Uint8Array.from({ length: 60 }, (_, index) => index);

describe("IPv6 fragments", () => {
  it("come together in any order, and leave in the pieces that they came in", () => {
    const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(order, (indexes) => {
        const pieces = [piece(data, 0, 16), piece(data, 16, 40), piece(data, 40, 60)];
        const reassembly = new Reassembly6();
        const results = indexes.map((index) => reassembly.add(pieces[index]!, "eth0", 0));
        expect(results.slice(0, 2).map(({ kind }) => kind)).to.deep.equal(["held", "held"]);
        const whole = results[2]!;
        if (whole.kind !== "whole") throw new Error("not put together");
        expect([...whole.packet.bytes.subarray(40)]).to.deep.equal([...data]);
        expect(whole.packet.bytes[6]).to.equal(17);
        const again = fragments6(whole.packet, { ...whole, local: false }, { identification: 7 });
        expect(again.map((bytes) => bytes.length)).to.deep.equal(pieces.map(({ length }) => length));
        for (const [index, bytes] of again.entries()) {
          const at = findFragmentHeader(bytes)?.offset ?? 0;
          // all but the identification
          expect([...bytes.subarray(0, at + 4), ...bytes.subarray(at + 8)]).to.deep.equal([
            ...pieces[index]!.bytes.subarray(0, at + 4),
            ...pieces[index]!.bytes.subarray(at + 8),
          ]);
        }
      }),
    );
  });

  it("that overlap throw the datagram away; duplicates do not", () => {
    const reassembly = new Reassembly6();
    expect(reassembly.add(piece(data, 0, 16), "eth0", 0).kind).to.equal("held");
    expect(reassembly.add(piece(data, 0, 16), "eth0", 0).kind).to.equal("held");
    expect(reassembly.add(piece(data, 8, 24), "eth0", 0).kind).to.equal("dropped");
    expect(reassembly.add(piece(data, 16, 60), "eth0", 0).kind).to.equal("held");
  });

  it("without another one beside it become a whole packet that is not cut again", () => {
    const whole = new Reassembly6().add(piece(data, 0, 60), "eth0", 0);
    if (whole.kind !== "whole") throw new Error("not put together");
    expect(fragments6(whole.packet, { ...whole, local: false }, { identification: 7 })).to.deep.equal([
      whole.packet.bytes,
    ]);
  });

  it("go on as they are where the transport header is not in the first one", () => {
    expect(new Reassembly6().add(piece(data, 0, 4, true), "eth0", 0).kind).to.equal("pass");
  });

  it("wait for 60 seconds", () => {
    const reassembly = new Reassembly6();
    reassembly.add(piece(data, 0, 16), "eth0", 0);
    expect(reassembly.add(piece(data, 16, 60), "eth0", 60).kind).to.equal("held");
  });

  it("have the ECN that Linux's table gives", () => {
    expect(reassembledEcn([0, 0])).to.equal(0);
    expect(reassembledEcn([2, 3])).to.equal(3);
    expect(reassembledEcn([3, 3])).to.equal(0);
    expect(reassembledEcn([0, 3])).to.equal(undefined);
  });
});
