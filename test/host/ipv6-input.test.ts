import { expect } from "chai";
import { hostFromIpJson } from "../../src/host/ip-json.ts";
import { parseAddress } from "../../src/packet/address.ts";

const device = (ifindex: number, ifname: string, addresses: readonly string[]) => ({
  ifindex,
  ifname,
  flags: ["UP"],
  link_type: "ether",
  address: `02:00:00:00:0${ifindex}:01`,
  addr_info: addresses.map((local) => ({ family: "inet6", local, prefixlen: 64, scope: "global" })),
});

const host = (forwarding: boolean) =>
  hostFromIpJson({
    addresses: [
      device(0, "eth0", ["2001:db8::1", "fe80::ff:fe00:1"]),
      device(1, "eth1", ["2001:db8:1::1", "fe80::ff:fe00:101"]),
    ],
    routes: undefined,
    neighbours: [],
    sysctl: { "net.ipv6.conf.all.forwarding": forwarding ? "1" : "0" },
  });

/** What a live Linux 6.18 did with such packets on eth0: without forwarding, and with it. */
const observed: readonly (readonly [from: string, to: string, host: string, router: string])[] = [
  ["2001:db8::9", "ff02::1", "INPUT", "INPUT"],
  ["2001:db8::9", "ff02::2", "gone", "INPUT"],
  ["2001:db8::9", "ff05::2", "gone", "INPUT"],
  ["2001:db8::9", "ff05::1", "gone", "gone"],
  ["2001:db8::9", "ff02::16", "gone", "gone"],
  ["2001:db8::9", "ff02::1:ff00:1", "INPUT", "INPUT"],
  ["2001:db8::9", "ff02::1:ff99:9999", "gone", "gone"],
  ["2001:db8::9", "2001:db8::1", "INPUT", "INPUT"],
  ["2001:db8::9", "2001:db8:1::1", "INPUT", "INPUT"],
  ["2001:db8::9", "2001:db8:1::9", "gone", "FORWARD"],
  ["2001:db8::9", "2001:db8:5::9", "error 0", "error 0"],
  ["::", "2001:db8::1", "INPUT", "INPUT"],
  ["::", "2001:db8:1::9", "gone", "gone"],
  ["fe80::9", "2001:db8:1::9", "gone", "error 2"],
  ["2001:db8:1::1", "2001:db8::1", "INPUT", "INPUT"],
  ["2001:db8::1", "2001:db8:1::9", "gone", "FORWARD"],
  ["2001:db8::9", "fe80::ff:fe00:1", "INPUT", "INPUT"],
  ["2001:db8::9", "fe80::ff:fe00:101", "gone", "FORWARD"],
  ["2001:db8::9", "::", "error 0", "error 0"],
];

function fate(forwarding: boolean, from: string, to: string): string {
  const route = host(forwarding).route({
    source: parseAddress(from),
    destination: parseAddress(to) ?? 0n,
    tos: 0,
    mark: 0,
    inDevice: "eth0",
  });
  switch (route.kind) {
    case "local":
    case "broadcast":
      return "INPUT";
    case "unicast":
      return "FORWARD";
    case "unreachable":
      return `error ${route.icmpCode ?? 0}`;
    default:
      return "gone";
  }
}

describe("received IPv6 packets", () => {
  for (const [from, to, asHost, asRouter] of observed) {
    it(`from ${from} to ${to}`, () => {
      expect([fate(false, from, to), fate(true, from, to)]).to.deep.equal([asHost, asRouter]);
    });
  }
});
