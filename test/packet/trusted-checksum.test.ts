import { expect } from "chai";
import { buildIpv6 } from "../../src/packet/build.ts";
import { setTransportChecksum } from "../../src/packet/checksum.ts";
import { Packet } from "../../src/packet/packet.ts";
import { forgetChecksum, hasFoundChecksum, trustsChecksum } from "../../src/packet/trusted-checksum.ts";

/** An ICMPv6 echo request whose checksum is right. */
function soundPacket(): Packet {
  const payload = Uint8Array.of(128, 0, 0, 0, 0, 1, 0, 1);
  const addresses = { source: 0x20010db8n << 96n, destination: (0x20010db8n << 96n) | 1n };
  const bytes = buildIpv6({ ...addresses, protocol: 58, hopLimit: 64, payload });
  setTransportChecksum(bytes);
  return new Packet(bytes);
}

/** As SNPT may leave it: another source, the old checksum. */
const readdress = (packet: Packet): void => {
  packet.bytes[23] = 7;
};

describe("a checksum that was found right", () => {
  it("is summed where nothing was found yet", () => {
    const packet = soundPacket();
    readdress(packet);
    expect(trustsChecksum(packet, "PREROUTING")).to.equal(false);
  });

  it("is trusted on the way out whatever has changed", () => {
    const packet = soundPacket();
    expect(trustsChecksum(packet, "OUTPUT")).to.equal(true);
    readdress(packet);
    packet.bytes[7] = 9;
    expect(trustsChecksum(packet, "POSTROUTING")).to.equal(true);
  });

  it("is trusted on the way in where only addresses have changed", () => {
    const packet = soundPacket();
    expect(trustsChecksum(packet, "PREROUTING")).to.equal(true);
    readdress(packet);
    const other = packet.copy();
    other.bytes[7] = 9;
    expect(trustsChecksum(packet, "INPUT")).to.equal(true);
    expect(trustsChecksum(other, "INPUT")).to.equal(false);
  });

  it("is forgotten of a forwarded packet, but not where it was compared", () => {
    const once = soundPacket();
    trustsChecksum(once, "PREROUTING");
    const twice = once.copy();
    trustsChecksum(twice, "PREROUTING");
    for (const packet of [once, twice]) {
      readdress(packet);
      forgetChecksum(packet);
    }
    expect(hasFoundChecksum(once)).to.equal(true);
    expect(trustsChecksum(once, "POSTROUTING")).to.equal(false);
    expect(trustsChecksum(twice, "POSTROUTING")).to.equal(true);
  });

  it("is not summed again on the way out where it was found wrong", () => {
    const packet = soundPacket();
    readdress(packet);
    expect(trustsChecksum(packet, "PREROUTING")).to.equal(false);
    expect(trustsChecksum(packet, "INPUT")).to.equal(false);
    expect(trustsChecksum(packet, "OUTPUT")).to.equal(true);
    expect(hasFoundChecksum(packet)).to.equal(false);
    forgetChecksum(packet);
    expect(trustsChecksum(packet, "FORWARD")).to.equal(false);
  });
});
