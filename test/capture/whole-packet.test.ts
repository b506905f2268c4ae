import { expect } from "chai";
import { wholePacket } from "../../src/capture/whole-packet.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { transportChecksumOk } from "../../src/packet/checksum.ts";
import { Packet } from "../../src/packet/packet.ts";

function compose(words: string): Uint8Array {
  const { value } = composePacket(words, "ipv4", "packet");
  if (!value) throw new Error(words);
  const { bytes } = value;
  return bytes;
}

const long = (): Uint8Array =>
  compose("-i eth0 -p tcp -s 192.0.2.1 --sport 1 -d 192.0.2.2 --dport 2 --syn -m length --length 400");

describe("wholePacket", () => {
  it("leaves whole packets and link-layer padding as they are", () => {
    const bytes = long();
    expect(wholePacket(bytes, 0, bytes.length, 4)).to.deep.equal({ ok: true, bytes, start: 0, filled: 0 });
    const padded = bytes.slice();
    const length = bytes.length + 6;
    expect(wholePacket(padded, 0, length, 4)).to.deep.equal({ ok: true, bytes: padded, start: 0, filled: 0 });
    const framed = Uint8Array.of(1, 2, ...bytes);
    expect(wholePacket(framed, 2, bytes.length, 4)).to.deep.equal({
      ok: true,
      bytes: framed,
      start: 2,
      filled: 0,
    });
  });

  it("fills up what the snaplen cut, with its length and a sound checksum", () => {
    const bytes = long();
    expect(bytes).to.have.length(400);
    const whole = wholePacket(Uint8Array.of(1, 2, ...bytes.slice(0, 60)), 2, 400, 4);
    if (!whole.ok) throw new Error(whole.reason);
    expect([whole.filled, whole.start]).to.deep.equal([340, 0]);
    expect(whole.bytes).to.have.length(400);
    expect(whole.bytes.slice(0, 36)).to.deep.equal(bytes.slice(0, 36));
    expect(transportChecksumOk(new Packet(whole.bytes))).to.equal(true);
  });

  it("refuses a cut through a header", () => {
    const bytes = long();
    expect(wholePacket(bytes.slice(0, 30), 0, 400, 4)).to.deep.equal({
      ok: false,
      reason: "cut inside the transport header",
    });
    expect(wholePacket(bytes.slice(0, 19), 0, 400, 4)).to.deep.equal({
      ok: false,
      reason: "cut inside the IP header",
    });
    expect(wholePacket(new Uint8Array(0), 0, 400, 4).ok).to.equal(false);
    expect(wholePacket(bytes, 0, 400, 6)).to.deep.equal({
      ok: false,
      reason: "no IP packet behind the link header",
    });
  });
});
