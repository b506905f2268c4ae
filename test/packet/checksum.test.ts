import { expect } from "chai";
import fc from "fast-check";
import { buildIpv4, buildIpv6 } from "../../src/packet/build.ts";
import { setTransportChecksum, sumWords, transportChecksumOk } from "../../src/packet/checksum.ts";
import { composePacketBytes, type PacketSpec } from "../../src/packet/compose.ts";
import { buildFrame, decodeFrame } from "../../src/packet/ethernet.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";

const port = fc.nat(65535);
const byte = fc.nat(255);
const v4 = fc.nat(0xffffffff);
const v6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });

const spec = fc.oneof(fc.tuple(v4, v4), fc.tuple(v6, v6)).chain(([source, destination]) =>
  fc.record({
    source: fc.constant(source),
    destination: fc.constant(destination),
    protocol: fc.constantFrom(6, 17, typeof source === "number" ? 1 : 58),
    ttl: byte,
    tos: byte,
    fragmentOffset: fc.constant(0),
    sourcePort: port,
    destinationPort: port,
    tcpFlags: byte,
    icmpType: byte,
    icmpCode: byte,
    data: fc.uint8Array({ maxLength: 50 }),
  }),
) as fc.Arbitrary<PacketSpec>;

describe("packets that we build", () => {
  it("say what they were built from, through a frame and back", () => {
    fc.assert(
      fc.property(spec, (wanted) => {
        const bytes = composePacketBytes(wanted);
        const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
        const decoded = decodeFrame(buildFrame(mac, mac, bytes), mac);
        // some drawn addresses may not be on the wire
        const packet = decoded.ok ? decoded.packet : new Packet(bytes);
        expect(packet.source).to.equal(wanted.source);
        expect(packet.destination).to.equal(wanted.destination);
        expect(packet.protocol).to.equal(wanted.protocol);
        expect(packet.length).to.equal(bytes.length);
        if (wanted.protocol === 6 || wanted.protocol === 17) {
          expect(packet.transportWord(0)).to.equal(wanted.sourcePort);
          expect(packet.transportWord(2)).to.equal(wanted.destinationPort);
        }
      }),
    );
  });

  it("have checksums that hold, and that break with any bit", () => {
    fc.assert(
      fc.property(spec, fc.nat(), fc.nat(7), (wanted, index, bit) => {
        const bytes = composePacketBytes(wanted);
        const packet = new Packet(bytes);
        expect(transportChecksumOk(packet)).to.equal(true);
        if (packet.family === "ipv4") expect(sumWords(bytes, 0, 20)).to.equal(0xffff);
        const at = packet.transportOffset + (index % packet.transportLength);
        bytes[at]! ^= 1 << bit;
        // the change may have made a UDP checksum "none"
        const none = packet.family === "ipv4" && wanted.protocol === 17 && packet.transportWord(6) === 0;
        expect(transportChecksumOk(packet)).to.equal(none);
      }),
    );
  });
});

describe("transport checksums", () => {
  const udp = (checksum: string) =>
    new Packet(
      fromHex(`4500002000000000401100000a0000050a000006003500190 00c${checksum}61626364`.replace(" ", "")),
    );

  it("a UDP checksum of zero is none in IPv4", () => {
    expect(transportChecksumOk(udp("0000"))).to.equal(true);
    expect(transportChecksumOk(udp("1234"))).to.equal(false);
  });

  it("UDP never sends the zero that would mean none", () => {
    const payload = Uint8Array.of(0, 0, 0, 0, 0, 10, 0, 0, 0, 0);
    const draw = (low: number) => {
      payload[8] = low >> 8;
      payload[9] = low;
      const bytes = buildIpv4({ source: 0x0a000005, destination: 0x0a000006, protocol: 17, payload });
      setTransportChecksum(bytes);
      return (bytes[26]! << 8) | bytes[27]!;
    };
    const sums = Array.from({ length: 65536 }, (_, low) => draw(low));
    expect(sums).to.not.include(0);
    expect(sums).to.include(0xffff);
  });

  it("leaves protocols without a checksum that we know alone", () => {
    const bytes = buildIpv6({
      source: 1n,
      destination: 2n,
      protocol: 47,
      payload: Uint8Array.of(1, 2, 3, 4),
    });
    const before = bytes.slice();
    setTransportChecksum(bytes);
    expect(bytes).to.deep.equal(before);
    expect(transportChecksumOk(new Packet(bytes))).to.equal(true);
  });
});
