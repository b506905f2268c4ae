import { expect } from "chai";
import fc from "fast-check";
import { PacketSpace } from "../../src/analyse/packet-space.ts";

/** Sets about interfaces must not depend on which names were told beforehand. */
describe("interfaces of a packet space", () => {
  const names = ["", "e", "eth", "eth0", "eth1", "eth10", "ppp0", "lo", "abcdefghijklmno"];
  const patterns = ["", "e", "eth", "eth1", "p", "x"];
  const name = fc.constantFrom(...names);
  const condition = fc.oneof(
    fc.record({ name, prefix: fc.constant(false) }),
    fc.record({ name: fc.constantFrom(...patterns), prefix: fc.constant(true) }),
  );

  const holds = (real: string, { name: asked, prefix }: { name: string; prefix: boolean }): boolean =>
    prefix ? real.startsWith(asked) : real === asked;

  it("have a name in the sets that ask for it or for its beginning, whether or not it was told", () => {
    fc.assert(
      fc.property(fc.subarray(names), name, condition, (told, real, asked) => {
        const space = new PacketSpace("ipv4", told);
        const packet = space.device("inDevice", real, false);
        const set = space.device("inDevice", asked.name, asked.prefix);
        expect(packet).to.not.equal(0);
        expect(space.implies(packet, set)).to.equal(holds(real, asked));
        expect(space.disjoint(packet, set)).to.equal(!holds(real, asked));
      }),
    );
  });

  it("leave nothing over of a name that all conditions exclude", () => {
    const space = new PacketSpace("ipv4", ["eth0", "eth1"]);
    const any = space.device("inDevice", "", true);
    expect(any).to.equal(1);
    const rest = space.minus(space.device("inDevice", "eth", true), space.device("inDevice", "eth0", false));
    expect(space.disjoint(rest, space.device("inDevice", "eth0", false))).to.equal(true);
    expect(space.disjoint(rest, space.device("inDevice", "eth1", false))).to.equal(false);
    expect(space.disjoint(rest, space.device("inDevice", "eth2", false))).to.equal(false);
    expect(space.device("outDevice", "eth0", false)).to.not.equal(space.device("inDevice", "eth0", false));
  });

  it("are told by the first fifteen characters", () => {
    const space = new PacketSpace("ipv4", ["abcdefghijklmno"]);
    expect(space.device("inDevice", "abcdefghijklmnop", false)).to.equal(
      space.device("inDevice", "abcdefghijklmno", false),
    );
  });
});
