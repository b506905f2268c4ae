import { expect } from "chai";
import fc from "fast-check";
import { type LinkPacket, linkTypes, readLink } from "../../src/capture/link-layer.ts";
import { fromHex } from "../../src/packet/hex.ts";

function link(type: number, hex: string): LinkPacket {
  const read = readLink(type, fromHex(hex));
  if (!read.ok) throw new Error(read.reason);
  return read.link;
}
const reason = (type: number, hex: string): string | undefined => {
  const read = readLink(type, fromHex(hex));
  return read.ok ? undefined : read.reason;
};

const macs = "020000000001" + "0200000000fe";

describe("readLink", () => {
  it("reads Ethernet with and without tags, the outer VLAN first", () => {
    expect(link(linkTypes.ethernet, `${macs}0800`)).to.include({ version: 4, headerLength: 14 });
    const tagged = link(linkTypes.ethernet, `${macs}88a80064${"8100200a"}86dd`);
    expect(tagged).to.deep.include({ version: 6, headerLength: 22, vlans: [100, 10] });
    // only a priority
    expect(link(linkTypes.ethernet, `${macs}8100e0000800`)).to.deep.include({ vlans: [], headerLength: 18 });
  });

  it("reads what Linux cooks", () => {
    const sll = link(linkTypes.linuxCooked, "0004000100060200000000010000" + "0800");
    expect(sll).to.deep.include({
      version: 4,
      headerLength: 16,
      packetType: 4,
      sourceAt: 6,
    });
    const sll2 = link(linkTypes.linuxCooked2, "86dd0000000000030001030602000000000100000000".slice(0, 40));
    expect(sll2).to.deep.include({ version: 6, headerLength: 20, packetType: 3, interfaceIndex: 3 });
    expect(link(linkTypes.linuxCooked2, "8100000000000003000100060200000000010000000a0800")).to.deep.include({
      version: 4,
      headerLength: 24,
      vlans: [10],
    });
  });

  it("reads bare IP and loopback of either byte order", () => {
    expect(link(linkTypes.raw, "45")).to.include({ version: undefined, headerLength: 0 });
    expect(link(12, "45")).to.include({ headerLength: 0 });
    expect([link(linkTypes.ipv4, "").version, link(linkTypes.ipv6, "").version]).to.deep.equal([4, 6]);
    expect(link(linkTypes.null, "02000000")).to.include({ version: 4, headerLength: 4 });
    expect(link(linkTypes.null, "0000001e")).to.include({ version: 6 });
    expect(link(linkTypes.openBsdLoopback, "00000018")).to.include({ version: 6 });
  });

  it("says what it does not read", () => {
    expect(reason(linkTypes.ethernet, `${macs}0806`)).to.equal("EtherType 0x0806 is not IP");
    expect(reason(147, "")).to.equal("link type 147 is not read");
    expect(reason(linkTypes.null, "07000000")).to.equal("address family 7 is not IP");
    expect(reason(linkTypes.ethernet, `${macs}8100`)).to.equal("cut inside a VLAN tag");
  });

  it("never throws", () => {
    const types = [...Object.values(linkTypes), 12, 999];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 30 }), (type, bytes) => {
        const read = readLink(type, bytes);
        if (read.ok) expect(read.link.headerLength).to.be.at.most(bytes.length);
      }),
    );
  });
});
