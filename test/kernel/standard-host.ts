/** The host of our recordings: a router with three Ethernet interfaces whose neighbours are all known. */
const mac = (network: number, host: number): string =>
  `02:00:00:00:${network.toString(16).padStart(2, "0")}:${host.toString(16).padStart(2, "0")}`;

const networks = [
  { name: "eth0", prefix: "192.0.2.", prefix6: "2001:db8:0::", hosts: [9, 10, 33, 77, 254] },
  { name: "eth1", prefix: "10.0.0.", prefix6: "2001:db8:1::", hosts: [5, 9, 10, 77, 200] },
  { name: "eth2", prefix: "172.16.5.", prefix6: "2001:db8:2::", hosts: [2, 9, 80] },
] as const;

export const standardHost = {
  interfaces: networks.map(({ name, prefix, prefix6 }, index) => ({
    name,
    mac: mac(index, 1),
    addresses: [`${prefix}1/24`, `${prefix6}1/64`],
  })),
  neighbours: networks.flatMap(({ name, prefix, prefix6, hosts }, index) =>
    hosts.flatMap((host) => [
      { device: name, address: `${prefix}${host}`, mac: mac(index, host) },
      { device: name, address: `${prefix6}${host.toString(16)}`, mac: mac(index, host) },
    ]),
  ),
  routes: ["route add default via 192.0.2.254", "route add default via 2001:db8:0::fe"],
  sysctl: {
    "net.ipv4.ip_forward": "1",
    "net.ipv6.conf.all.forwarding": "1",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.icmp_ratelimit": "0",
    "net.ipv6.icmp.ratelimit": "0",
    // else a flow label is drawn for what the host sends itself
    "net.ipv6.auto_flowlabels": "0",
    // what multicast groups it listens to, the host reports once, before the rules are loaded
    "net.ipv6.mld_qrv": "1",
    "net.ipv4.icmp_msgs_per_sec": "100000",
    "net.ipv4.icmp_msgs_burst": "100000",
    "net.ipv4.conf.all.send_redirects": "0",
    ...Object.fromEntries(
      networks.flatMap(({ name }) => [
        [`net.ipv4.conf.${name}.rp_filter`, "0"],
        [`net.ipv4.conf.${name}.send_redirects`, "0"],
        [`net.ipv6.conf.${name}.accept_dad`, "0"],
        [`net.ipv6.conf.${name}.router_solicitations`, "0"],
        [`net.ipv6.conf.${name}.autoconf`, "0"],
        [`net.ipv6.conf.${name}.mldv2_unsolicited_report_interval`, "10"],
        [`net.ipv6.conf.${name}.addr_gen_mode`, "1"],
        // nobody is asked for the link address of an unknown neighbour: rules would count the questions
        [`net.ipv6.neigh.${name}.mcast_solicit`, "0"],
        // a neighbour that nobody told of is asked for until the scenario ends, never given up with an error to the sender
        [`net.ipv4.neigh.${name}.retrans_time_ms`, "3600000"],
        [`net.ipv6.neigh.${name}.retrans_time_ms`, "3600000"],
      ]),
    ),
  } as Readonly<Record<string, string>>,
} as const;
