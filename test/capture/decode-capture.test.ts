import { expect } from "chai";
import fc from "fast-check";
import type { CapturedPacket, CaptureProblem } from "../../src/capture/captured-packet.ts";
import { decodeCapture } from "../../src/capture/decode-capture.ts";
import { PcapngWriter } from "../../src/capture/pcapng-writer.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { packetsOf } from "./packets-of.ts";
import { writePcap } from "./pcap-writer.ts";

interface Decoded {
  readonly packets: readonly CapturedPacket[];
  readonly problems: readonly CaptureProblem[];
}

/** Decodes a capture that comes in chunks of some length. */
function decode(capture: Uint8Array, chunk = capture.length): Decoded {
  const decoder = decodeCapture();
  const packets: CapturedPacket[] = [];
  for (let at = 0; at < capture.length; at += Math.max(1, chunk)) {
    decoder.push(capture.slice(at, at + Math.max(1, chunk)));
    packets.push(...packetsOf(decoder));
  }
  decoder.end();
  return { packets, problems: decoder.problems };
}

const bytesOf = fc.uint8Array({ maxLength: 80 });
const packetOf = fc.record({ at: fc.integer({ min: 1, max: 4e9 }), bytes: bytesOf });

describe("decodeCapture", () => {
  it("reads back any pcap, whatever its byte order, clock and chunks", () => {
    const settings = fc.record({
      littleEndian: fc.boolean(),
      nanoseconds: fc.boolean(),
      linkType: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(packetOf), settings, fc.integer({ min: 1, max: 200 }), (written, how, chunk) => {
        const { packets, problems } = decode(writePcap(written, how), chunk);
        expect(problems).to.deep.equal([]);
        expect(packets.map(({ at, bytes }) => ({ at, bytes }))).to.deep.equal(written);
        for (const { source } of packets) expect(source.linkType).to.equal(how.linkType);
      }),
    );
  });

  it("reads back any pcapng that we write", () => {
    const written = fc.array(
      fc.tuple(packetOf, fc.constantFrom("eth0", "tun0", "wg-long-name-15"), fc.string()),
    );
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 200 }), (list, chunk) => {
        const writer = new PcapngWriter("a test");
        const blocks = list.map(([{ at, bytes }, device, comment]) =>
          writer.packet(device, device === "eth0", bytes, at, comment),
        );
        const { packets, problems } = decode(Buffer.concat([...blocks, writer.start()]), chunk);
        expect(problems).to.deep.equal([]);
        expect(packets.map(({ at, bytes, source }) => [at, bytes, source.name])).to.deep.equal(
          list.map(([{ at, bytes }, device]) => [at, bytes, device]),
        );
        for (const { direction } of packets) expect(direction).to.equal("outbound");
      }),
    );
  });

  it("keeps fractions of a second", () => {
    const bytes = Uint8Array.of(1);
    const [micro] = decode(writePcap([{ at: 1767225600.25, bytes }])).packets;
    const [nano] = decode(writePcap([{ at: 1767225600.125, bytes }], { nanoseconds: true })).packets;
    expect([micro?.at, nano?.at]).to.deep.equal([1767225600.25, 1767225600.125]);
  });

  it("never throws on damaged captures and tells each damage", () => {
    const sound = [
      writePcap([
        { at: 1, bytes: new Uint8Array(30) },
        { at: 2, bytes: new Uint8Array(50) },
      ]),
      new PcapngWriter("").packet("eth0", true, new Uint8Array(60), 1, "x"),
    ];
    const damage = fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...sound), damage, fc.nat(40), (capture, changes, chunk) => {
        const bytes = Uint8Array.from(capture);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        for (const { offset } of decode(bytes, chunk).problems) expect(offset).to.be.within(0, bytes.length);
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws on random bytes, and says that they are no capture", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, chunk) => {
        const { packets, problems } = decode(bytes, chunk);
        expect(packets.length + problems.length).to.be.above(0);
      }),
    );
  });

  it("says where a capture ends too early", () => {
    const capture = writePcap([
      { at: 1, bytes: new Uint8Array(30) },
      { at: 2, bytes: new Uint8Array(50) },
    ]);
    const { packets, problems } = decode(capture.slice(0, -1));
    expect(packets).to.have.length(1);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include({ code: "cut-off", offset: 24 + 16 + 30 });
  });

  it("says where a record is damaged and keeps what stands before it", () => {
    const capture = Uint8Array.from(
      writePcap([
        { at: 1, bytes: new Uint8Array(4) },
        { at: 2, bytes: new Uint8Array(4) },
      ]),
    );
    capture[24 + 20 + 8 + 3] = 0x7f;
    const { packets, problems } = decode(capture);
    expect(packets).to.have.length(1);
    expect(problems[0]).to.include({ code: "bad-record", offset: 24 + 20 });
  });

  it("tells an empty file and a foreign one", () => {
    expect(decode(new Uint8Array(0)).problems[0]?.message).to.equal("an empty file");
    expect(decode(Buffer.from("*filter\n")).problems[0]?.code).to.equal("not-a-capture");
    expect(decode(fromHex("34cdb2a1000000000000")).problems[0]?.code).to.equal("unsupported");
  });

  it("reads several sections, big-endian, with a clock of 2^-10 seconds, an offset, and unknown blocks", () => {
    const section = fromHex("0a0d0d0a0000001c1a2b3c4d00010000ffffffffffffffff0000001c");
    // Ethernet; if_name eth7, if_MACaddr, if_IPv4addr, if_tsresol 0x8a, if_tsoffset 1000
    const description = fromHex(
      "000000010000004c0001000000000000" +
        "0002000465746837" +
        "000600060200000000010000" +
        "00040008c0000201ffffff00" +
        "000900018a000000" +
        "000e000800000000000003e8" +
        "00000000" +
        "0000004c",
    );
    const unknown = fromHex("00000bad00000010deadbeef00000010");
    // 2048 + 512 ticks: 2.5 s; inbound
    const packet = fromHex(
      "0000000600000030" +
        "000000000000000000000a00" +
        "0000000300000009" +
        "01020300" +
        "0002000400000001" +
        "00000000" +
        "00000030",
    );
    const { packets, problems } = decode(Buffer.concat([section, description, unknown, packet, section]));
    expect(problems).to.deep.equal([]);
    expect(packets).to.have.length(1);
    const [{ at, bytes, originalLength, direction, source } = {} as CapturedPacket] = packets;
    expect([at, originalLength, direction, source.name]).to.deep.equal([1002.5, 9, "inbound", "eth7"]);
    expect(bytes).to.deep.equal(Uint8Array.of(1, 2, 3));
    expect(source.addresses).to.deep.equal([0xc0000201]);
    expect(source.mac).to.deep.equal(fromHex("020000000001"));
  });

  it("tells a packet of an interface that nothing describes and reads on", () => {
    const writer = new PcapngWriter("");
    const first = Uint8Array.from(writer.packet("eth0", true, new Uint8Array(4), 1, ""));
    const second = writer.packet("eth0", true, new Uint8Array(4), 2, "");
    const at = first.length - second.length;
    first[at + 8] = 9;
    const { packets, problems } = decode(Buffer.concat([first, second]));
    expect(problems[0]).to.include({ code: "bad-record", offset: at });
    expect(packets.map((packet) => packet.at)).to.deep.equal([2]);
  });
});
