import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { decodeFrame } from "../../src/packet/ethernet.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { summarise } from "../../src/packet/summary.ts";

interface Received {
  readonly name: string;
  readonly frame: string;
  /** Bytes that the kernel counted in raw/PREROUTING; null where the packet did not get there. */
  readonly length: number | null;
}

const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
const cases = JSON.parse(readFileSync("fixtures/packet/received.json", "utf8")) as readonly Received[];

describe("received frames, as a kernel lets them in", () => {
  for (const { name, frame, length } of cases) {
    it(name, () => {
      const decoded = decodeFrame(fromHex(frame), mac);
      const letIn = decoded.ok && decoded.packet.packetType !== "otherhost";
      expect(letIn ? decoded.packet.length : null, decoded.ok ? "" : decoded.reason).to.equal(length);
    });
  }

  it("reads any bytes without throwing", () => {
    const etherType = fc.constantFrom([0x08, 0x00], [0x86, 0xdd], [0x81, 0x00]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), etherType, fc.nat(120), (bytes, type, version) => {
        const frame = Uint8Array.from([...mac, ...mac, ...type, ...bytes]).subarray(0, 14 + version);
        if (frame.length > 14) frame[14] = version % 2 ? 0x45 : 0x60;
        for (const one of [bytes, frame]) {
          const decoded = decodeFrame(one, mac);
          if (decoded.ok) summarise(decoded.packet.bytes);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
