/** `ip route get TO [from FROM] [iif IIF] [tos TOS] [mark MARK]` */
export interface Question {
  readonly to: string;
  readonly from?: string;
  readonly iif?: string;
  readonly tos?: string;
  readonly mark?: string;
}

export interface Scenario {
  readonly name: string;
  /** Shell commands on top of the common addresses and routes. */
  readonly setup: string;
  readonly questions: readonly Question[];
}

const out = (to: string, more: Omit<Question, "to"> = {}): Question => ({ to, ...more });
const into = (iif: string, from: string, to: string, more: Partial<Question> = {}): Question => ({
  iif,
  from,
  to,
  ...more,
});

/** What every host answers differently by its settings. */
const usual: readonly Question[] = [
  into("eth0", "203.0.113.9", "192.0.2.1"),
  into("eth0", "203.0.113.9", "10.0.0.9"),
  into("eth0", "192.0.2.9", "192.0.2.200"),
  into("eth0", "192.0.2.9", "192.0.2.77"),
  into("eth1", "10.0.0.9", "203.0.113.9"),
  into("eth1", "203.0.113.9", "192.0.2.1"),
  into("eth1", "192.0.2.9", "203.0.113.9"),
  into("eth2", "10.0.0.9", "192.0.2.1"),
  into("eth0", "10.0.0.1", "192.0.2.1"),
  into("eth0", "10.0.0.1", "10.0.0.9"),
  into("eth0", "192.0.2.255", "192.0.2.1"),
  into("eth0", "192.0.2.255", "10.0.0.9"),
  into("eth0", "127.0.0.1", "192.0.2.1"),
  into("eth0", "192.0.2.9", "127.0.0.1"),
  into("eth0", "192.0.2.9", "127.0.0.5"),
  into("eth0", "0.0.0.0", "192.0.2.1"),
  into("eth0", "0.1.2.3", "192.0.2.1"),
  into("eth0", "0.0.0.0", "255.255.255.255"),
  into("eth0", "192.0.2.9", "255.255.255.255"),
  into("eth0", "10.0.0.9", "255.255.255.255"),
  into("eth0", "192.0.2.9", "192.0.2.255"),
  into("eth1", "10.0.0.9", "192.0.2.255"),
  into("eth0", "192.0.2.9", "10.0.0.255"),
  into("eth0", "192.0.2.9", "192.0.2.0"),
  into("eth0", "192.0.2.9", "224.0.0.1"),
  into("eth0", "192.0.2.9", "224.0.0.251"),
  into("eth0", "192.0.2.9", "239.1.2.3"),
  into("eth0", "224.0.0.1", "192.0.2.1"),
  into("eth0", "255.255.255.255", "192.0.2.1"),
  into("eth0", "240.0.0.1", "192.0.2.1"),
  into("eth0", "192.0.2.9", "0.0.0.0"),
  into("eth0", "192.0.2.9", "240.0.0.1"),
];

const outputs: readonly Question[] = [
  out("203.0.113.9"),
  out("10.0.0.9"),
  out("10.0.0.1"),
  out("192.0.2.1"),
  out("192.0.2.200"),
  out("127.0.0.1"),
  out("127.1.2.3"),
  out("192.0.2.255"),
  out("255.255.255.255"),
  out("224.0.0.1"),
  out("224.0.0.1", { from: "10.0.0.1" }),
  out("255.255.255.255", { from: "10.0.0.1" }),
  out("203.0.113.9", { from: "10.0.0.1" }),
  out("10.0.0.9", { from: "192.0.2.200" }),
  out("0.0.0.0"),
  out("240.0.0.1"),
];

const ipv6: readonly Question[] = [
  out("2001:db8:99::1"),
  out("2001:db8:2::9"),
  out("2001:db8:1::1"),
  out("::1"),
  out("2001:db8:9::9"),
  out("2001:db8:a1::1"),
  out("2001:db8:a2::1"),
  out("2001:db8:a3::1"),
  into("eth0", "2001:db8:1::9", "2001:db8:2::9"),
  into("eth0", "2001:db8:1::9", "2001:db8:1::1"),
  into("eth0", "2001:db8:1::9", "2001:db8:2::1"),
  into("eth1", "2001:db8:2::9", "2001:db8:99::1"),
  into("eth1", "2001:db8:2::9", "2001:db8:9::1"),
  into("eth1", "2001:db8:2::9", "2001:db8:a1::1"),
  into("eth1", "2001:db8:2::9", "2001:db8:a2::1"),
  into("eth1", "2001:db8:2::9", "2001:db8:a3::1"),
];
const ipv6Routes = `
ip -6 route add 2001:db8:9::/48 via 2001:db8:2::fe
ip -6 route add unreachable 2001:db8:a1::/48
ip -6 route add blackhole 2001:db8:a2::/48
ip -6 route add prohibit 2001:db8:a3::/48`;

const filter = (value: number) =>
  `sysctl -qw net.ipv4.conf.all.rp_filter=${value} net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0 net.ipv4.conf.eth2.rp_filter=0`;

export const scenarios: readonly Scenario[] = [
  { name: "plain", setup: `${filter(0)}\n${ipv6Routes}`, questions: [...usual, ...outputs, ...ipv6] },
  { name: "strict", setup: filter(1), questions: usual },
  {
    name: "loose",
    setup: `${filter(2)}\nip route add blackhole 198.51.100.0/24`,
    questions: [...usual, into("eth0", "198.51.100.1", "192.0.2.1")],
  },
  {
    name: "no-redirects",
    setup: `${filter(0)}\nsysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0`,
    questions: usual,
  },
  {
    name: "no-forwarding",
    setup: `${filter(0)}\nsysctl -qw net.ipv4.ip_forward=0\nip route add blackhole 198.51.100.0/24\nip route add prohibit 198.18.0.0/16`,
    questions: [...usual, into("eth0", "192.0.2.9", "198.51.100.1"), into("eth0", "192.0.2.9", "198.18.0.1")],
  },
  {
    name: "lenient",
    setup: `${filter(0)}\nsysctl -qw net.ipv4.conf.eth0.accept_local=1 net.ipv4.conf.eth0.route_localnet=1 net.ipv4.conf.all.bc_forwarding=1 net.ipv4.conf.eth1.bc_forwarding=1`,
    questions: [...usual, out("203.0.113.9", { from: "127.0.0.1" })],
  },
  {
    name: "tables",
    setup: `${filter(0)}
ip addr add 172.16.5.1/24 brd + dev eth2
ip route add default via 10.0.0.254 metric 50
ip route add 10.1.0.0/16 via 10.0.0.254
ip route add 10.1.2.0/24 via 172.16.5.254 metric 10
ip route add 10.1.2.0/24 via 10.0.0.253 metric 20
ip route add 10.1.3.0/24 via 10.0.0.254 src 192.0.2.200
ip route add 10.1.4.0/24 tos 0x10 via 172.16.5.254
ip route add 10.1.4.0/24 via 10.0.0.254
ip route add blackhole 10.9.1.0/24
ip route add unreachable 10.9.2.0/24
ip route add prohibit 10.9.3.0/24
ip route add throw 10.9.4.0/24
ip route add 10.9.0.0/16 via 10.0.0.254
ip route add local 10.9.5.0/24 dev eth1
ip route add 169.254.0.0/16 dev eth1 scope link`,
    questions: [
      ...[
        "10.1.9.9",
        "10.1.2.9",
        "10.1.3.9",
        "10.1.4.9",
        "10.9.1.9",
        "10.9.2.9",
        "10.9.3.9",
        "10.9.4.9",
        "10.9.5.9",
        "10.9.9.9",
        "169.254.9.9",
        "203.0.113.9",
      ].flatMap((to) => [out(to), into("eth1", "10.0.0.9", to), into("eth0", to, "192.0.2.1")]),
      ...["0x10", "0x08", "0x30", "0x14", "0x12", "0xb8", "0x90"].flatMap((tos) => [
        out("10.1.4.9", { tos }),
        into("eth1", "10.0.0.9", "10.1.4.9", { tos }),
      ]),
      ...usual,
    ],
  },
  {
    name: "policy",
    setup: `${filter(0)}
ip addr add 172.16.5.1/24 brd + dev eth2
ip route add default via 172.16.5.254 table 100
ip route add blackhole 203.0.113.0/24 table 100
ip route add throw 198.51.100.128/25 table 100
ip route add 198.51.100.0/24 via 172.16.5.253 table 101
ip route add 198.51.100.0/25 via 10.0.0.254
ip rule add fwmark 1 table 100 pref 1000
ip rule add fwmark 0x20/0xf0 table 101 pref 1001
ip rule add from 10.0.0.64/26 table 101 pref 1002
ip rule add to 198.18.0.0/15 prohibit pref 1003
ip rule add iif eth2 to 198.20.0.0/16 blackhole pref 1004
ip rule add not from 10.0.0.0/8 to 198.22.0.0/16 unreachable pref 1005
ip rule add table main suppress_prefixlength 0 pref 1006
ip rule add to 198.24.0.0/16 goto 2000 pref 1007
ip rule add to 198.24.1.0/24 prohibit pref 1008
ip rule add to 198.24.0.0/16 table 101 pref 1009
ip rule add to 198.24.2.0/24 blackhole pref 2000
ip rule add tos 0x10 table 100 pref 2001
ip rule add iif lo to 198.26.0.0/16 prohibit pref 2002`,
    questions: [
      ...[
        "203.0.113.9",
        "198.51.100.9",
        "198.51.100.200",
        "198.18.0.1",
        "198.20.0.1",
        "198.22.0.1",
        "198.24.1.1",
        "198.24.2.1",
        "198.24.3.1",
        "198.26.0.1",
      ].flatMap((to) => [
        out(to),
        out(to, { mark: "1" }),
        out(to, { mark: "0x2f" }),
        out(to, { tos: "0x10" }),
        out(to, { from: "192.0.2.1" }),
        into("eth1", "10.0.0.9", to),
        into("eth1", "10.0.0.70", to),
        into("eth1", "10.0.0.9", to, { mark: "1" }),
        into("eth2", "172.16.5.9", to),
      ]),
      ...usual,
    ],
  },
];
