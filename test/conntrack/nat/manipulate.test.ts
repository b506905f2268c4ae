import { expect } from "chai";
import fc from "fast-check";
import { manipulate } from "../../../src/conntrack/nat/manipulate.ts";
import { readTuple } from "../../../src/conntrack/tuple.ts";
import { transportChecksumOk } from "../../../src/packet/checksum.ts";
import { ipv4 } from "../wire.ts";

const word = fc.integer({ min: 0, max: 0xffff });
const long = fc.integer({ min: 0, max: 0xffffffff });

describe("rewriting a packet for NAT", () => {
  it("leaves every checksum as right as it was", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 6, 17),
        fc.constantFrom("source" as const, "destination" as const),
        fc.uint8Array({ minLength: 20, maxLength: 40 }),
        fc.tuple(long, long, word),
        (protocol, manip, payload, [source, destination, port]) => {
          payload[12] = 5 << 4;
          if (protocol === 1) payload[0] = 8;
          const packet = ipv4("10.0.0.5", "192.0.2.77", protocol, payload);
          const target = {
            ...readTuple(packet.bytes, 0, "ipv4", 0)!.tuple,
            source,
            destination,
            sourcePort: port,
            destinationPort: port,
          };
          expect(manipulate(packet.bytes, 0, "ipv4", target, manip, protocol)).to.equal(true);
          expect(packet[manip]).to.equal(target[manip]);
          expect(transportChecksumOk(packet)).to.equal(true);
          const header = new DataView(packet.bytes.buffer);
          let sum = 0;
          for (let at = 0; at < 20; at += 2) sum += header.getUint16(at);
          while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
          expect(sum).to.equal(0xffff);
        },
      ),
    );
  });

  it("refuses a packet that ends before what has to be written", () => {
    const packet = ipv4("10.0.0.5", "192.0.2.77", 6, new Uint8Array(6));
    const { tuple } = readTuple(packet.bytes, 0, "ipv4", 0)!;
    expect(manipulate(packet.bytes, 0, "ipv4", tuple, "source", 6)).to.equal(false);
  });
});
