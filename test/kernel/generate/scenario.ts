import type { Scenario, ScenarioPacket } from "../scenario.ts";
import { Dice } from "./dice.ts";
import type { Flow } from "./flow.ts";
import { interleave } from "./interleave.ts";
import { withFlowRules } from "./rules/flow-rules.ts";
import { someRuleset } from "./rules/ruleset.ts";
import { sightsOf } from "./rules/sight.ts";
import { someTheme, type Theme, type ThemeName, themes } from "./themes.ts";

/** Conntrack's and the routing's settings that a scenario may change. */
const sysctls: readonly Readonly<Record<string, string>>[] = [
  { "net.netfilter.nf_conntrack_tcp_loose": "0" },
  { "net.netfilter.nf_conntrack_tcp_be_liberal": "1" },
  { "net.netfilter.nf_conntrack_tcp_max_retrans": "1" },
  { "net.netfilter.nf_conntrack_tcp_ignore_invalid_rst": "1" },
  { "net.netfilter.nf_conntrack_checksum": "0" },
  { "net.netfilter.nf_conntrack_tcp_timeout_established": "1000" },
  { "net.ipv4.conf.all.rp_filter": "1" },
  { "net.ipv4.conf.all.rp_filter": "2" },
  { "net.ipv4.ip_default_ttl": "99" },
  { "net.ipv4.ip_forward": "0" },
  { "net.ipv4.conf.eth1.forwarding": "0" },
  { "net.netfilter.nf_conntrack_acct": "1" },
  { "net.ipv4.conf.all.route_localnet": "1" },
  { "net.ipv4.conf.all.accept_local": "1" },
  { "net.ipv4.conf.all.src_valid_mark": "1", "net.ipv4.conf.all.rp_filter": "1" },
  { "net.ipv4.fwmark_reflect": "1" },
  { "net.ipv4.icmp_errors_use_inbound_ifaddr": "1" },
  { "net.netfilter.nf_conntrack_udp_timeout": "77", "net.netfilter.nf_conntrack_udp_timeout_stream": "777" },
  {
    "net.ipv4.conf.all.bc_forwarding": "1",
    "net.ipv4.conf.eth0.bc_forwarding": "1",
    "net.ipv4.conf.eth1.bc_forwarding": "1",
  },
  { "net.ipv4.conf.all.drop_unicast_in_l2_multicast": "1" },
  { "net.ipv4.ip_forward_use_pmtu": "1" },
  { "net.ipv4.conf.eth1.rp_filter": "1" },
  { "net.ipv4.conf.eth0.rp_filter": "2", "net.ipv4.conf.all.rp_filter": "1" },
  { "net.ipv4.conf.eth0.accept_local": "1" },
  { "net.ipv4.conf.eth1.route_localnet": "1" },
  { "net.ipv4.conf.all.forwarding": "0", "net.ipv4.conf.eth0.forwarding": "1" },
  { "net.ipv4.ip_nonlocal_bind": "1" },
  { "net.ipv4.ip_no_pmtu_disc": "1" },
  { "net.netfilter.nf_conntrack_tcp_timeout_unacknowledged": "50" },
  { "net.netfilter.nf_conntrack_gre_timeout": "13", "net.netfilter.nf_conntrack_sctp_timeout_closed": "17" },
  { "net.ipv4.conf.all.shared_media": "0" },
  { "net.netfilter.nf_conntrack_icmp_timeout": "55", "net.netfilter.nf_conntrack_generic_timeout": "66" },
];

/** Time-outs so short that entries go while a scenario waits, and so long that none goes before or behind. */
const shortTimeouts: Readonly<Record<string, string>> = Object.fromEntries(
  ["udp", "udp_timeout_stream", "icmp", "generic", "tcp_timeout_syn_sent", "tcp_timeout_close"].map(
    (name) => [`net.netfilter.nf_conntrack_${name.includes("timeout") ? name : `${name}_timeout`}`, "4"],
  ),
);
const wait = 5.3;
const mostPacketsOfWaiting = 14;

/** Networks of some flows' ends that routing treats in a way of its own. */
const routes = [
  "route replace unreachable 203.0.113.0/24",
  "route replace blackhole 203.0.113.0/24",
  "route replace prohibit 198.51.100.0/24",
  "route replace unreachable 10.0.0.9/32",
  "route replace 198.51.100.0/24 via 172.16.5.9",
  "route replace throw 8.8.8.0/24",
  "route replace 198.51.100.0/24 via 172.16.5.9 mtu 1000",
  "route replace default via 192.0.2.254 mtu 700",
  "route replace local 198.51.100.0/24 dev lo",
  "route replace broadcast 198.51.100.7/32 dev eth1",
  "route replace 8.8.8.8/32 dev eth1 scope link",
  "route replace 8.8.8.8/32 via 192.0.2.254 src 10.0.0.1",
  "route replace 203.0.113.0/24 via 10.0.0.9 metric 10",
  "route replace default via 192.0.2.254 mtu lock 600",
  "route replace unreachable default",
  "addr add 192.0.2.99/32 dev eth1",
  "addr add 10.0.0.2/24 dev eth1",
  "addr add 172.16.5.77/30 dev eth2 scope link",
] as const;

/** Policy routing: what a packet's mark, address or interface sends to other tables. */
const policies: readonly (readonly string[])[] = [
  ["rule add fwmark 1 table 100", "route replace default via 172.16.5.9 table 100"],
  ["rule add fwmark 0x10/0xf0 table 100", "route replace default via 10.0.0.200 table 100"],
  ["rule add fwmark 0x2/0x2 table 100", "route replace blackhole default table 100"],
  ["rule add fwmark 3 prohibit", "rule add fwmark 1 unreachable"],
  ["rule add from 10.0.0.0/24 table 100", "route replace 198.51.100.0/24 via 172.16.5.9 table 100"],
  ["rule add iif eth2 table 100", "route replace default via 10.0.0.9 table 100"],
  ["rule add tos 0x10 table 100", "route replace default via 172.16.5.80 table 100"],
  ["rule add to 8.8.8.8 blackhole"],
  ["rule add ipproto udp table 100", "route replace default via 10.0.0.9 table 100"],
  ["rule add dport 53 table 100", "route replace default via 172.16.5.9 table 100"],
  ["rule add sport 1024-60000 ipproto tcp table 100", "route replace default via 10.0.0.200 table 100"],
  ["rule add oif eth1 table 100", "route replace default via 10.0.0.200 dev eth1 table 100"],
  ["rule add iif lo table 100", "route replace default via 172.16.5.9 table 100"],
  ["rule add not from 10.0.0.0/24 table 100", "route replace 8.8.8.0/24 via 172.16.5.9 table 100"],
  ["rule add fwmark 1 goto 40000", "rule add prohibit pref 40000"],
  ["rule add fwmark 1 table 100 suppress_prefixlength 0", "route replace default via 10.0.0.9 table 100"],
  ["rule add uidrange 0-0 table 100", "route replace default via 172.16.5.9 table 100"],
  [
    "rule add from all lookup main suppress_prefixlength 0",
    "rule add from all table 100 pref 30000",
    "route replace default via 10.0.0.9 table 100",
  ],
  [
    "route replace 198.51.100.0/24 via 172.16.5.9 realm 3",
    "route replace default via 192.0.2.254 realms 4/5",
  ],
  [
    "route replace 203.0.113.0/24 via 192.0.2.254 realm 5",
    "route replace 198.51.100.0/24 via 172.16.5.9 realms 7/5",
  ],
];

/** Interfaces in groups, which `-m devgroup` asks for. */
const groups = ["link set dev eth0 group 7", "link set dev eth1 group 0x15", "link set dev eth2 group 2"];

export interface ScenarioOptions {
  readonly theme?: ThemeName;
  /** How many flows there are; 3 to 8 where nothing is said. IPv6 has as many more of its own at most. */
  readonly flows?: number;
}

/** A scenario of some ten to fifty packets; the same seed and options give the same one. */
export function generateScenario(seed: string, options: ScenarioOptions = {}): Scenario {
  const dice = new Dice(seed);
  const theme: Theme = themes[options.theme ?? someTheme(dice)];
  const count = options.flows ?? dice.between(3, 8);
  const flows: Flow[] = Array.from({ length: count }, () => dice.weighed(theme.flows)(dice));
  const rules = withFlowRules(someRuleset(dice, sightsOf(flows), theme.tables), flows);
  const packets = interleave(dice, flows);
  const kind = dice.weighed([
    [12, "plain"],
    [3, "sysctl"],
    [1, "routes"],
    [1.2, "policies"],
    [2, "several"],
    [0.4, "waits"],
  ] as const);
  return {
    seed,
    ...(dice.maybe(0.1) ? { backend: "nft" as const } : {}),
    rules,
    ...(kind === "sysctl" ? { sysctl: dice.of(sysctls) } : {}),
    ...(kind === "several" ? { sysctl: Object.assign({}, ...dice.some(sysctls, dice.between(1, 3))) } : {}),
    ...hostCommands(dice, kind),
    ...(kind === "waits" ? { sysctl: shortTimeouts } : {}),
    packets: kind === "waits" ? withOneWait(dice, packets.slice(0, mostPacketsOfWaiting)) : packets,
  };
}

/** What ip(8) is told besides the standard host. */
function hostCommands(dice: Dice, kind: string): { readonly routes?: readonly string[] } {
  const changes = changesOf(dice, kind);
  const commands = [...(dice.maybe(0.3) ? dice.some(groups, dice.between(1, 3)) : []), ...changes];
  return commands.length > 0 ? { routes: commands } : {};
}

/** Several things that are each usual on some host may still meet in a way of their own. */
function changesOf(dice: Dice, kind: string): readonly string[] {
  if (kind === "routes") return [dice.of(routes)];
  if (kind === "policies") return dice.of(policies);
  if (kind !== "several") return [];
  return [...dice.some(routes, dice.between(0, 2)), ...(dice.maybe(0.5) ? dice.of(policies) : [])];
}

function withOneWait(dice: Dice, packets: readonly ScenarioPacket[]): ScenarioPacket[] {
  const at = dice.below(packets.length);
  return packets.map((packet, index) => (index === at ? { ...packet, wait } : packet));
}
