import { hostFromIpJson } from "../../../src/host/ip-json.ts";

/**
 * A host at which the way of a packet hangs on its destination alone: what is not its own leaves through eth1, and comes
 * in through eth0 or eth2.
 */
export const smallHost = hostFromIpJson({
  addresses: [
    interfaceOf(1, "lo", "127.0.0.1", 8),
    interfaceOf(2, "eth0", "192.0.2.1", 32),
    interfaceOf(3, "eth1", "172.16.0.1", 24),
    interfaceOf(4, "eth2", "172.16.2.1", 32),
  ],
  routes: [
    { dst: "default", gateway: "172.16.0.254", dev: "eth1", flags: [] },
    { dst: "172.16.0.0/24", dev: "eth1", scope: "link", prefsrc: "172.16.0.1", flags: [] },
    ...["192.0.2.1", "172.16.0.1", "172.16.2.1"].map((dst) => ({
      type: "local",
      dst,
      dev: "eth0",
      table: "local",
      scope: "host",
      prefsrc: dst,
      flags: [],
    })),
  ],
  neighbours: undefined,
  sysctl: { "net.ipv4.ip_forward": "1", "net.ipv4.conf.all.rp_filter": "0" },
});

function interfaceOf(ifindex: number, ifname: string, local: string, prefixlen: number): unknown {
  const isLoopback = ifname === "lo";
  return {
    ifindex,
    ifname,
    flags: isLoopback ? ["LOOPBACK", "UP", "LOWER_UP"] : ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
    mtu: 1500,
    link_type: isLoopback ? "loopback" : "ether",
    address: `02:00:00:00:0${ifindex}:01`,
    addr_info: [{ family: "inet", local, prefixlen, scope: isLoopback ? "host" : "global", label: ifname }],
  };
}

const every = (...choices: readonly (readonly string[])[]): readonly string[] =>
  choices.reduce(
    (all, words) => all.flatMap((start) => words.map((word) => `${start} ${word}`.trim())),
    [""],
  );

const transports = [
  ...every(["-p tcp --syn", "-p udp"], ["--sport 4000", "--sport 5000"], ["--dport 22", "--dport 80"]),
  "-p icmp --icmp-type 8",
];
const marks = ["", "--mark 1"];
const services = ["", "--tos 0x10"];

/** Each packet of the small world, in words: received ones, and ones that the host sends. */
export const smallWorld: readonly string[] = [
  ...every(
    ["-i eth0", "-i eth2"],
    ["-s 198.51.100.7", "-s 10.0.0.5"],
    ["-d 192.0.2.1", "-d 203.0.113.10", "-d 10.0.0.9"],
    transports,
    marks,
    services,
  ),
  ...every(["-o eth1"], ["-s 192.0.2.1"], ["-d 203.0.113.10", "-d 10.0.0.9"], transports, marks, services),
];
