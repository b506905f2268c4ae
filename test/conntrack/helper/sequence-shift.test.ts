import { expect } from "chai";
import { SequenceShift } from "../../../src/conntrack/helper/sequence-shift.ts";
import { transportChecksumOk } from "../../../src/packet/checksum.ts";
import { fromHex } from "../../../src/packet/hex.ts";
import type { Packet } from "../../../src/packet/packet.ts";
import { tcp } from "../wire.ts";

const client = "10.0.0.5:40000";
const server = "192.0.2.77:21";

function numbersOf({ bytes, transportOffset }: Packet): readonly [sequence: number, acknowledgement: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + transportOffset);
  return [view.getUint32(4), view.getUint32(8)];
}

describe("the shift of sequence numbers", () => {
  it("holds behind the place where the length changed, and is taken back from acknowledgements", () => {
    const shift = new SequenceShift();
    shift.add("original", 100, 5);
    const there = tcp(client, server, { flags: "A", sequence: 130, acknowledgement: 900 });
    const back = tcp(server, client, { flags: "A", sequence: 900, acknowledgement: 135 });
    const before = tcp(server, client, { flags: "A", sequence: 900, acknowledgement: 100 });
    for (const packet of [there, back, before]) {
      const direction = packet === there ? "original" : "reply";
      expect(shift.apply(packet.bytes, 20, direction)).to.equal(true);
      expect(transportChecksumOk(packet)).to.equal(true);
    }
    expect([there, back, before].map(numbersOf)).to.deep.equal([
      [135, 900],
      [900, 130],
      [900, 100],
    ]);
  });

  it("counts a repeated segment once", () => {
    const shift = new SequenceShift();
    shift.add("original", 100, 5);
    shift.add("original", 100, 5);
    expect(shift.at("original", 200)).to.equal(5);
  });

  it("keeps one earlier change apart from the last one", () => {
    const shift = new SequenceShift();
    shift.add("reply", 100, 5);
    shift.add("reply", 200, -8);
    expect([150, 250].map((sequence) => shift.at("reply", sequence))).to.deep.equal([5, -3]);
  });

  it("reaches into SACK blocks, and gives up on options that are cut short", () => {
    const shift = new SequenceShift();
    shift.add("original", 100, 5);
    const acknowledges = 0x10;
    const header = (options: string, flags = acknowledges) => {
      const bytes = new Uint8Array(32);
      bytes[12] = 8 << 4;
      bytes[13] = flags;
      bytes.set(fromHex(options), 20);
      return bytes;
    };
    const sack = header("0101050a0000010500000115");
    expect(shift.apply(sack, 0, "reply")).to.equal(true);
    expect([...sack.subarray(24, 32)]).to.deep.equal([0, 0, 1, 0, 0, 0, 1, 16]);
    expect(shift.apply(header("0101051f0000010500000115"), 0, "reply")).to.equal(false);
    expect(shift.apply(header("0101051f0000010500000115", 0), 0, "reply")).to.equal(true);
  });
});
