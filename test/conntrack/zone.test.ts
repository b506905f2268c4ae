import { expect } from "chai";
import { address, type Mapping, Router, udp } from "./wire.ts";

const there = ["10.0.0.5:4000", "192.0.2.77:53"] as const;
const back = ["192.0.2.77:53", "10.0.0.5:4000"] as const;
const inZone = (zone: number) => ({ kind: "ct", zone }) as const;
const outside = address("192.0.2.133");
const snat: Mapping = { manip: "source", range: { addresses: [outside, outside] } };

const zonesOf = (router: Router): string[] =>
  router.conntrack.list().map((line) => (/ zone\S*=\d+/.exec(line)?.[0] ?? " none").slice(1));

describe("zones of connection tracking", () => {
  it("keep equal tuples apart", () => {
    const router = new Router();
    expect(router.forward(udp(...there), undefined, inZone(1))).to.equal("NEW");
    expect(router.forward(udp(...there), undefined, inZone(2))).to.equal("NEW");
    expect(router.forward(udp(...there))).to.equal("NEW");
    expect(router.forward(udp(...back), undefined, inZone(2))).to.equal("ESTABLISHED");
    expect(zonesOf(router).sort()).to.deep.equal(["none", "zone=1", "zone=2"]);
  });

  it("for the original direction only share their answers' zone: NAT draws a free port", () => {
    const router = new Router();
    for (const zone of [1, 2]) {
      router.forward(udp(...there), snat, { ...inZone(zone), zoneDirection: "original" });
    }
    expect(zonesOf(router)).to.deep.equal(["zone-orig=1", "zone-orig=2"]);
    const ports = router.conntrack
      .list()
      .map((line) => /dst=192.0.2.133 sport=53 dport=(\d+)/.exec(line)?.[1]);
    expect(new Set(ports).size).to.equal(2);
    expect(router.forward(udp("192.0.2.77:53", `192.0.2.133:${ports[1]}`))).to.equal("ESTABLISHED");
  });

  it("for the reply direction only are looked for by the answers", () => {
    const router = new Router();
    router.forward(udp(...there), undefined, { ...inZone(7), zoneDirection: "reply" });
    expect(zonesOf(router)).to.deep.equal(["zone-reply=7"]);
    expect(router.forward(udp(...back), undefined, inZone(7))).to.equal("ESTABLISHED");
  });

  it("come from the lower half of the packet's mark", () => {
    const router = new Router();
    const packet = udp(...there);
    packet.mark = 0x30009;
    router.forward(packet, undefined, { kind: "ct", zoneFromMark: true });
    expect(zonesOf(router)).to.deep.equal(["zone=9"]);
  });

  it("are given by the first rule that says anything", () => {
    const router = new Router();
    const packet = udp(...there);
    packet.tracking = { kind: "untracked" };
    expect(router.forward(packet, undefined, inZone(1))).to.equal("UNTRACKED");
  });
});

describe("a masqueraded connection", () => {
  it("ends where it would leave by another interface", () => {
    const router = new Router();
    const { conntrack } = router;
    const send = (device: string) => {
      const packet = udp(...there);
      conntrack.track(packet, "PREROUTING");
      if (conntrack.needsNat(packet, "source")) conntrack.bindNat(packet, "source", snat.range, device);
      const verdict = conntrack.translate(packet, "POSTROUTING", device);
      if (verdict === "ACCEPT") conntrack.confirm(packet);
      return verdict;
    };
    expect([send("eth0"), send("eth0"), send("eth2"), send("eth2")]).to.deep.equal([
      "ACCEPT",
      "ACCEPT",
      "DROP",
      "ACCEPT",
    ]);
  });
});
