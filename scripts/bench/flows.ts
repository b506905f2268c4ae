import { hostFromIpJson } from "../../src/host/ip-json.ts";
import { buildIpv4 } from "../../src/packet/build.ts";
import { setTransportChecksum } from "../../src/packet/checksum.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { seeded } from "./acl.ts";

const link = (ifindex: number, ifname: string, address: string, local: string, prefixlen: number) => ({
  ifindex,
  ifname,
  address,
  mtu: 1500,
  flags: ["UP"],
  link_type: ifname === "lo" ? "loopback" : "ether",
  addr_info: [{ family: "inet", local, prefixlen, scope: ifname === "lo" ? "host" : "global" }],
});

/** A router between eth0, with 10.0.0.0/9 behind it, and eth1, with 10.128.0.0/9; `sysctl` are settings by dotted name. */
export const router = (sysctl: Readonly<Record<string, string>> = {}) =>
  hostFromIpJson({
    addresses: [
      link(1, "lo", "00:00:00:00:00:00", "127.0.0.1", 8),
      link(2, "eth0", "02:00:00:00:00:01", "192.0.2.1", 24),
      link(3, "eth1", "02:00:00:00:01:01", "198.51.100.1", 24),
    ],
    routes: [
      { dst: "10.0.0.0/9", gateway: "192.0.2.254", dev: "eth0" },
      { dst: "10.128.0.0/9", gateway: "198.51.100.254", dev: "eth1" },
      { dst: "192.0.2.0/24", dev: "eth0", prefsrc: "192.0.2.1" },
      { dst: "198.51.100.0/24", dev: "eth1", prefsrc: "198.51.100.1" },
    ],
    neighbours: [
      { dst: "192.0.2.254", dev: "eth0", lladdr: "02:00:00:00:00:fe", state: ["PERMANENT"] },
      { dst: "198.51.100.254", dev: "eth1", lladdr: "02:00:00:00:01:fe", state: ["PERMANENT"] },
    ],
    sysctl: { "net.ipv4.ip_forward": "1", ...sysctl },
  });

/** A flow's first packet and the answer to it. */
export interface Flow {
  readonly there: Uint8Array;
  readonly back: Uint8Array;
}

const router0 = Uint8Array.of(2, 0, 0, 0, 0, 1);
const router1 = Uint8Array.of(2, 0, 0, 0, 1, 1);
const other = Uint8Array.of(2, 0, 0, 0, 9, 9);

/** UDP flows from eth0's side to eth1's. */
export function flows(count: number, seed = 2): readonly Flow[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const ends = {
      client: (0x0a000000 | (random() & 0x007fffff)) >>> 0,
      server: (0x0a800000 | (random() & 0x007fffff)) >>> 0,
    };
    const sport = 1024 + (random() % 60000);
    const dport = 1 + (random() % 65535);
    return {
      there: buildFrame(router0, other, udp(ends.client, ends.server, sport, dport)),
      back: buildFrame(router1, other, udp(ends.server, ends.client, dport, sport)),
    };
  });
}

function udp(source: number, destination: number, sport: number, dport: number): Uint8Array {
  const payload = Uint8Array.of(sport >> 8, sport, dport >> 8, dport, 0, 20, 0, 0, ...new Uint8Array(12));
  const packet = buildIpv4({ source, destination, protocol: 17, ttl: 64, payload });
  setTransportChecksum(packet);
  return packet;
}
