import type { Host } from "../../../src/host/host.ts";
import { hostFromIpJson } from "../../../src/host/ip-json.ts";
import type { Family } from "../../../src/packet/address.ts";
import { inFamily } from "./in-family.ts";

/** Addresses by interface, the first of which NAT takes; and which interface leads to which of the others. */
const own = { lo: "127.0.0.1", eth0: "192.0.2.1", eth1: "172.16.0.1", eth2: "172.16.2.1" } as const;
const behind = { eth0: "198.51.100.7", eth2: "10.0.0.5" } as const;

/** The address that MASQUERADE and REDIRECT give at an interface of the small host. */
export const ownAddress = (device: string, family: Family): string | undefined => {
  const found = Object.entries(own).find(([name]) => name === device)?.[1];
  return found === undefined ? undefined : inFamily(found, family);
};

/**
 * A host at which the way of a packet hangs on its destination alone: what is neither its own nor one of two clients leaves
 * through eth1.
 */
export const smallHost = (family: Family): Host => {
  const whole = family === "ipv4" ? "32" : "128";
  const route = (entry: Readonly<Record<string, unknown>>) => ({ flags: [], ...entry });
  return hostFromIpJson({
    addresses: Object.entries(own).map(([name, address], index) =>
      interfaceOf(index + 1, name, inFamily(address, family), family),
    ),
    routes: [
      route({ dst: "default", gateway: inFamily("172.16.0.254", family), dev: "eth1" }),
      ...Object.entries(behind).map(([dev, dst]) =>
        route({ dst: `${inFamily(dst, family)}/${whole}`, dev, scope: "link" }),
      ),
      ...Object.entries(own)
        .filter(([dev]) => dev !== "lo")
        .map(([dev, address]) => {
          const dst = inFamily(address, family);
          return route({ type: "local", dst, dev, table: "local", scope: "host", prefsrc: dst });
        }),
    ],
    neighbours: undefined,
    sysctl: {
      "net.ipv4.ip_forward": "1",
      "net.ipv6.conf.all.forwarding": "1",
      "net.ipv4.conf.all.rp_filter": "0",
    },
  });
};

function interfaceOf(ifindex: number, ifname: string, local: string, family: Family): unknown {
  const isLoopback = ifname === "lo";
  return {
    ifindex,
    ifname,
    flags: isLoopback ? ["LOOPBACK", "UP", "LOWER_UP"] : ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
    mtu: 1500,
    link_type: isLoopback ? "loopback" : "ether",
    address: `02:00:00:00:0${ifindex}:01`,
    addr_info: [
      {
        family: family === "ipv4" ? "inet" : "inet6",
        local,
        prefixlen: family === "ipv4" ? 32 : 128,
        scope: isLoopback ? "host" : "global",
      },
    ],
  };
}

/** What happens before a packet of the small world is sent, or what it is made of. */
export type Before =
  /** Nothing: it is its connection's first one. */
  | "nothing"
  /** The same packet: nobody has answered yet. */
  | "itself"
  /** The packet, whose answer this one is. */
  | "question"
  /** The packet and its answer; this one goes on in the first one's direction. */
  | "answer"
  /** The packet, about which this one is an ICMP error. */
  | "cause"
  /** An FTP control connection, on which the server has announced where this packet goes. */
  | "announcement"
  /** The same, on which the client has: this one is the server's, to the client of these words. */
  | "clients-announcement";

export interface SmallPacket {
  /** The first packet, in IPv4's words. */
  readonly words: string;
  readonly before: Before;
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
const sources = ["-s 198.51.100.7", "-s 10.0.0.5"];
const received = ["-d 192.0.2.1", "-d 203.0.113.10", "-d 10.0.0.9"];
const sent = ["-d 203.0.113.10", "-d 10.0.0.9"];

const first = [
  ...every(["-i eth0", "-i eth2"], sources, received, transports, marks, services),
  ...every(["-o eth1 -s 192.0.2.1"], sent, transports, marks, services),
];
const later = [
  ...every(["-i eth0"], sources, received, transports),
  ...every(["-o eth1 -s 192.0.2.1"], sent, transports),
];

/** Each packet of the small world: received ones and ones that the host sends, first and later ones of their connections. */
export const smallWorld: readonly SmallPacket[] = [
  ...first.map((words) => ({ words, before: "nothing" }) as const),
  ...(["itself", "question", "answer", "cause"] as const).flatMap((before) =>
    later.map((words) => ({ words, before })),
  ),
  ...(["announcement", "clients-announcement"] as const).flatMap((before) =>
    later.filter((words) => words.includes("-p tcp")).map((words) => ({ words, before })),
  ),
];
