import { expect } from "chai";
import { LiveSets } from "../../../src/host/ipset/live-sets.ts";
import { parseIpsets } from "../../../src/host/ipset/parse-ipsets.ts";
import { buildIpv4 } from "../../../src/packet/build.ts";
import type { Context } from "../../../src/packet/context.ts";
import type { SetDirection } from "../../../src/packet/host-sets.ts";
import { Packet } from "../../../src/packet/packet.ts";
import { bareWorld } from "../../packet/bare-world.ts";

/** A packet from 10.0.0.1, TCP port 40000, to 192.0.2.7, port 80, at a time in seconds. */
function packetAt(now: number, more: { readonly inDevice?: string; readonly mac?: number } = {}): Context {
  const world = bareWorld(now);
  const payload = new Uint8Array(20);
  new DataView(payload.buffer).setUint32(0, (40000 << 16) | 80);
  const bytes = buildIpv4({
    source: 0x0a000001,
    destination: 0xc0000207,
    protocol: 6,
    tos: 0,
    ttl: 64,
    payload,
  });
  const ethernet = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, more.mac ?? 5, 8, 0);
  const packet = new Packet(bytes, ethernet);
  const { inDevice = "eth1" } = more;
  return { packet, hook: "PREROUTING", inDevice, outDevice: undefined, world, hotdrop: false };
}

const live = (...lines: readonly string[]): LiveSets => {
  const { ipsets, diagnostics } = parseIpsets(lines.join("\n"));
  expect(diagnostics).to.deep.equal([]);
  return new LiveSets(ipsets, 1000, new Set());
};

const holds = (sets: LiveSets, directions: string, context = packetAt(1000), name = "a"): boolean =>
  sets.test({ name, directions: directions.split(",") as SetDirection[] }, context, {}) !== undefined;

describe("LiveSets", () => {
  it("wants a direction for each dimension and the packet's family", () => {
    const sets = live("create a hash:ip,port", "add a 10.0.0.1,80", "create b hash:ip family inet6");
    expect(holds(sets, "src,dst")).to.equal(true);
    expect(holds(sets, "src,src")).to.equal(false);
    expect(holds(sets, "src")).to.equal(false);
    expect(holds(sets, "src,dst,dst")).to.equal(true);
    expect(holds(sets, "src", packetAt(1000), "b")).to.equal(false);
  });

  it("takes the longest network, exceptions included", () => {
    const sets = live("create a hash:net", "add a 10.0.0.0/8", "add a 10.0.0.0/24 nomatch");
    expect(holds(sets, "src")).to.equal(false);
    const reference = { name: "a", directions: ["src"] as const };
    expect(sets.test(reference, packetAt(1000), { returnNomatch: true })).to.not.equal(undefined);
  });

  it("lets a network with other interfaces hide a shorter one", () => {
    const text = ["create a hash:net,iface", "add a 10.0.0.0/8,eth1"];
    expect(holds(live(...text), "src,src")).to.equal(true);
    expect(holds(live(...text, "add a 10.0.0.0/24,eth2"), "src,src")).to.equal(false);
    expect(holds(live("create a hash:net,iface", "add a 10.0.0.0/8,et wildcard"), "src,src")).to.equal(true);
  });

  it("forgets entries when their time is over", () => {
    const sets = live("create a hash:ip timeout 10", "add a 10.0.0.1");
    expect(holds(sets, "src", packetAt(1009.9))).to.equal(true);
    expect(holds(sets, "src", packetAt(1010.1))).to.equal(false);
  });

  it("adds with the set's longest prefix, and for a time of its own", () => {
    const sets = live("create a hash:net timeout 100", "add a 172.16.0.0/24");
    const reference = { name: "a", directions: ["src"] as const };
    const how = { exist: false, timeout: 5 };
    expect(sets.add(reference, packetAt(1000), how)).to.equal(true);
    expect(sets.add(reference, packetAt(1001), how), "again").to.equal(false);
    expect(holds(sets, "src", packetAt(1004))).to.equal(true);
    expect(holds(sets, "src", packetAt(1006))).to.equal(false);
  });

  it("learns a MAC from the first packet", () => {
    const sets = live("create a bitmap:ip,mac range 10.0.0.0/24", "add a 10.0.0.1");
    expect(holds(sets, "src,src")).to.equal(true);
    expect(holds(sets, "src,src", packetAt(1000, { mac: 6 }))).to.equal(false);
    expect(holds(sets, "src,src", packetAt(1000, { mac: 5 }))).to.equal(true);
  });

  // the kernel of the judge has none of these types: Linux' sources say so (ip_set_hash_*.c)
  it("looks up MACs, marks and pairs of networks", () => {
    const mac = live("create a hash:mac", "add a 02:00:00:00:00:05");
    expect(holds(mac, "src")).to.equal(true);
    expect(holds(mac, "dst")).to.equal(false);
    const mark = live("create a hash:ip,mark markmask 0xff", "add a 10.0.0.1,0x101");
    const marked = packetAt(1000);
    marked.packet.mark = 0xf01;
    expect(holds(mark, "src,src", marked)).to.equal(true);
    expect(holds(mark, "src,src")).to.equal(false);
    const nets = live(
      "create a hash:net,net",
      "add a 10.0.0.0/8,0.0.0.0/0",
      "add a 10.0.0.0/24,192.0.2.0/24 nomatch",
    );
    expect(holds(nets, "src,dst")).to.equal(false);
    expect(holds(nets, "src,src")).to.equal(true);
    const port = live("create a hash:net,port,net", "add a 10.0.0.0/8,80,192.0.0.0/8");
    expect(holds(port, "src,dst,dst")).to.equal(true);
    expect(holds(port, "src,src,dst")).to.equal(false);
    const pair = live("create a hash:ip,mac", "add a 10.0.0.1,02:00:00:00:00:05");
    expect(holds(pair, "src,src")).to.equal(true);
  });

  it("counts a packet before it looks at the counters", () => {
    const sets = live("create a hash:ip counters", "add a 10.0.0.1 packets 2");
    const reference = { name: "a", directions: ["src"] as const };
    const is3 = { packets: { is: "eq", value: 3n } } as const;
    expect(sets.test(reference, packetAt(1000), is3)).to.not.equal(undefined);
    expect(sets.test(reference, packetAt(1000), is3)).to.equal(undefined);
  });

  it("adds through a list to the first member that takes it", () => {
    const sets = live(
      "create b hash:ip maxelem 1",
      "add b 1.1.1.1",
      "create a hash:ip",
      "create l list:set",
      "add l b",
      "add l a",
    );
    expect(
      sets.add({ name: "l", directions: ["src"] }, packetAt(1000), { exist: false, timeout: undefined }),
    ).to.equal(true);
    expect(holds(sets, "src", packetAt(1000), "b")).to.equal(false);
    expect(holds(sets, "src", packetAt(1000), "a")).to.equal(true);
    expect(holds(sets, "src", packetAt(1000), "l")).to.equal(true);
  });

  it("knows which sets can change", () => {
    const { ipsets } = parseIpsets(
      "create a hash:ip\ncreate b hash:ip timeout 5\ncreate c hash:ip\ncreate l list:set\nadd l c\n",
    );
    const sets = new LiveSets(ipsets, 0, new Set(["l"]));
    expect(["a", "b", "c", "l", "none"].map((name) => sets.changes(name))).to.deep.equal([
      false,
      true,
      true,
      true,
      undefined,
    ]);
  });
});
