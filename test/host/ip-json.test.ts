import { expect } from "chai";
import fc from "fast-check";
import { hostFromIpJson, type IpJson } from "../../src/host/ip-json.ts";
import { parseSysctlText } from "../../src/host/sysctl.ts";
import { type Address, parseAddress, printAddress } from "../../src/packet/address.ts";
import { toHex } from "../../src/packet/hex.ts";

const address = (text: string): Address => {
  const value = parseAddress(text);
  if (value === undefined) throw new Error(text);
  return value;
};

const device = (ifindex: number, ifname: string, addr_info: readonly object[]) => ({
  ifindex,
  ifname,
  flags: ["BROADCAST", "MULTICAST", "UP"],
  mtu: 1400,
  link_type: "ether",
  address: `02:00:00:00:0${ifindex}:01`,
  addr_info,
});
const inet = (local: string, more: object = {}) => ({
  family: "inet",
  local,
  prefixlen: 24,
  scope: "global",
  ...more,
});
const addresses = [
  device(1, "eth0", [
    inet("169.254.7.7", { prefixlen: 16, scope: "link" }),
    inet("192.0.2.1", { broadcast: "192.0.2.255" }),
    inet("192.0.2.2", { secondary: true }),
    inet("198.51.100.1"),
  ]),
  device(2, "eth1", [
    { family: "inet6", local: "fe80::2", prefixlen: 64, scope: "link" },
    { family: "inet6", local: "2001:db8:1::2", prefixlen: 64, scope: "global", deprecated: true },
    { family: "inet6", local: "2001:db8:2::2", prefixlen: 64, scope: "global" },
    { family: "inet6", local: "2001:db8:2:0:5::2", prefixlen: 64, scope: "global" },
    { family: "inet6", local: "2001:db8:2:0:6::2", prefixlen: 96, scope: "global" },
  ]),
];
const empty: IpJson = { addresses: [], routes: [], neighbours: [], sysctl: {} };
const textOf = (value: Address | undefined) => (value === undefined ? undefined : printAddress(value));

describe("hostFromIpJson", () => {
  it("tells what it cannot read, and reads the rest", () => {
    const host = hostFromIpJson({
      addresses: [{}, { ifname: "eth0", addr_info: [{ local: "nonsense" }] }, { flags: [] }, ...addresses],
      routes: [{ dst: "10.0.0.0/33", dev: "eth0" }, { type: "strange", dst: "10.0.0.0/8" }, 7],
      neighbours: { dst: "10.0.0.1" },
      rules: [{ priority: 5, src: "x" }],
      sysctl: {},
    });
    expect([...host.interfaces.keys()]).to.deep.equal(["eth0", "eth1"]);
    const told = host.assumptions.join("\n");
    for (const part of [
      "ip -j addr: entry 2 is left out",
      "ip -j addr: entry 3 is left out",
      "ip -j route: entry 1 is left out",
      "ip -j route: entry 2 is left out: a route of type `strange`",
      "ip -j route: entry 3 is left out",
      "ip -j neigh: not a list",
      "ip -j rule: entry 1 is left out",
    ]) {
      expect(told).to.include(part);
    }
  });

  it("never throws, whatever the JSON", () => {
    const keys = [
      "ifname",
      "addr_info",
      "local",
      "prefixlen",
      "dst",
      "dev",
      "gateway",
      "nexthops",
      "priority",
      "src",
    ];
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, -1, 99, "default", "10.0.0.0/8", "::1", "eth0", "x"),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 6 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, json, json, json, (one, two, three, four) => {
        const host = hostFromIpJson({
          addresses: one,
          routes: two,
          neighbours: three,
          rules: four,
          sysctl: {},
        });
        const query = { source: 1, destination: 0x0a000001, tos: 0, mark: 0 };
        for (const name of [undefined, ...host.interfaces.keys()]) host.route({ ...query, inDevice: name });
        host.route({ ...query, source: 1n, destination: 2n, inDevice: undefined });
      }),
    );
  });

  it("routes by the interfaces' own networks where it is told no routes", () => {
    const host = hostFromIpJson({ ...empty, addresses, routes: undefined });
    const to = (text: string) =>
      host.route({ source: undefined, destination: address(text), tos: 0, mark: 0, inDevice: undefined })
        .kind;
    expect(["192.0.2.9", "192.0.2.1", "192.0.2.255", "10.0.0.1", "2001:db8:2::9"].map(to)).to.deep.equal([
      "unicast",
      "local",
      "broadcast",
      "unreachable",
      "unicast",
    ]);
    expect(host.assumptions.join()).to.include("the routes are not known");
  });

  it("knows an address's type, for all interfaces and for one", () => {
    const host = hostFromIpJson({ ...empty, addresses, routes: undefined });
    const type = (text: string, name?: string) => host.addressType(address(text), name);
    expect(type("192.0.2.1")).to.equal("LOCAL");
    expect(type("192.0.2.1", "eth0")).to.equal("LOCAL");
    expect(type("192.0.2.1", "eth1")).to.equal("UNICAST");
    expect(type("192.0.2.255")).to.equal("BROADCAST");
    expect(type("255.255.255.255")).to.equal("BROADCAST");
    expect(type("0.0.0.0")).to.equal("BROADCAST");
    expect(type("224.0.0.1")).to.equal("MULTICAST");
    expect(type("10.0.0.1")).to.equal("UNICAST");
    expect(type("2001:db8:2::2")).to.equal("LOCAL");
    expect(type("2001:db8:2::3")).to.equal("UNICAST");
    expect(type("2001:db8:77::3")).to.equal("UNREACHABLE");
    expect(type("ff02::1")).to.equal("MULTICAST");
  });

  it("chooses the source that shares the next hop's network, never a secondary one", () => {
    const host = hostFromIpJson({ ...empty, addresses });
    const source = (name: string, towards: string) => textOf(host.selectSource(name, address(towards)));
    expect(source("eth0", "192.0.2.254")).to.equal("192.0.2.1");
    expect(source("eth0", "198.51.100.254")).to.equal("198.51.100.1");
    expect(source("eth0", "203.0.113.1")).to.equal("192.0.2.1");
    expect(source("eth1", "203.0.113.1"), "of another interface").to.equal("192.0.2.1");
    expect(source("eth1", "2001:db8:77::1")).to.equal("2001:db8:2::2");
    // as Linux 6.18 says: bits count as far as an address's own prefix goes
    expect(source("eth1", "2001:db8:2:0:5::1")).to.equal("2001:db8:2:0:6::2");
    expect(source("eth1", "2001:db8:2:0:6::1")).to.equal("2001:db8:2:0:6::2");
    expect(source("eth1", "fe80::9")).to.equal("fe80::2");
    expect(source("eth0", "fe80::9")).to.equal(undefined);
  });

  it("knows its neighbours, and the addresses that need none", () => {
    const neighbours = [
      { dst: "192.0.2.9", dev: "eth0", lladdr: "02:00:00:00:00:09", state: ["REACHABLE"] },
      { dst: "192.0.2.8", dev: "eth0", state: ["FAILED"] },
    ];
    const host = hostFromIpJson({ ...empty, addresses, neighbours });
    const mac = (text: string) => {
      const found = host.neighbour("eth0", address(text));
      return found && toHex(found);
    };
    expect(mac("192.0.2.9")).to.equal("020000000009");
    expect(mac("192.0.2.8")).to.equal(undefined);
    expect(mac("192.0.2.255")).to.equal("ffffffffffff");
    expect(mac("239.255.1.2")).to.equal("01005e7f0102");
    expect(mac("ff02::1:ff00:9")).to.equal("3333ff000009");
    const unknown = hostFromIpJson({ ...empty, addresses, neighbours: undefined });
    expect(toHex(unknown.neighbour("eth0", address("192.0.2.8")) ?? new Uint8Array())).to.equal(
      "0200000000fe",
    );
  });

  it("says that it takes the host to forward where no sysctl tells", () => {
    const host = hostFromIpJson({ ...empty, addresses, routes: undefined });
    const query = { source: address("192.0.2.9"), tos: 0, mark: 0, inDevice: "eth0" };
    expect(host.route({ ...query, destination: address("198.51.100.9") }).kind).to.equal("unicast");
    expect(host.assumptions.join()).to.include("nothing says whether the host forwards ipv4");
  });
});

describe("parseSysctlText", () => {
  it("reads what sysctl prints", () => {
    const text =
      "net.ipv4.ip_forward = 1\nsysctl: permission denied\nnet.ipv4.conf.eth0/5.rp_filter = 2\r\nnet.ipv4.ping_group_range = 1\t0\nnet.core.empty = \n";
    expect(parseSysctlText(text)).to.deep.equal({
      "net.ipv4.ip_forward": "1",
      "net.ipv4.conf.eth0/5.rp_filter": "2",
      "net.ipv4.ping_group_range": "1\t0",
      "net.core.empty": "",
    });
  });
});
