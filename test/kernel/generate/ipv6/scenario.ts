import { printAddress } from "../../../../src/packet/address.ts";
import type { Scenario } from "../../scenario.ts";
import { Dice } from "../dice.ts";
import { interleave } from "../interleave.ts";
import { generateScenario, type ScenarioOptions } from "../scenario.ts";
import { withExtraRules } from "./extra-rules.ts";
import type { Flow6 } from "./flow.ts";
import { discoveryFlow } from "./flows/discovery.ts";
import { eui64Flow } from "./flows/eui64.ts";
import { extensionFlow } from "./flows/extension-headers.ts";
import { fragmentFlow6 } from "./flows/fragments.ts";
import {
  frameFlow6,
  hopLimitFlow,
  linkLocalFlow,
  longFlow,
  strangeFlow,
  strayErrorFlow6,
  unanswerableFlow,
} from "./flows/odd.ts";
import { headerPackets, headerRuleset } from "./header-scenario.ts";
import { euiPlaces, linkLocals } from "./places.ts";
import { sixRules } from "./rules.ts";
import { sixStep } from "./translate.ts";

const flows: readonly (readonly [weight: number, make: Flow6])[] = [
  [3, discoveryFlow],
  [3, extensionFlow],
  [3, fragmentFlow6],
  [1, hopLimitFlow],
  [1, longFlow],
  [1.5, strangeFlow],
  [1, linkLocalFlow],
  [0.7, frameFlow6],
  [1.5, strayErrorFlow6],
  [1.5, unanswerableFlow],
  [1, eui64Flow],
];

/** Neighbours by their other addresses, without which the host would ask for them. */
const linkLocalNeighbours = [...linkLocals, ...euiPlaces].map(
  ({ address, device, mac }) =>
    `neigh replace ${printAddress(address)} lladdr ${[...mac].map((byte) => byte.toString(16).padStart(2, "0")).join(":")} dev ${device} nud permanent`,
);

const hostChanges: readonly (readonly string[])[] = [
  ["link set dev eth1 mtu 1280"],
  ["link set dev eth2 mtu 1400"],
  ["route replace 2001:db7:ffff::/96 via 2001:db8:1::5 mtu 1300"],
  ["route replace unreachable 2001:db7:ffff::/96"],
  ["route replace prohibit 2001:db7:ffff::/96"],
  ["route replace blackhole 2001:db7:ffff::/96"],
  ["rule add fwmark 1 table 100", "route replace default via 2001:db8:2::9 table 100"],
  ["rule add fwmark 0x2/0x2 table 100", "route replace blackhole default table 100"],
  ["rule add fwmark 0x10/0xf0 prohibit"],
  ["rule add from 2001:db8:1::/64 table 100", "route replace default via 2001:db8:2::9 table 100"],
  ["rule add ipproto udp table 100", "route replace default via 2001:db8:2::9 table 100"],
  ["rule add dport 53 table 100", "route replace default via 2001:db8:1::5 table 100"],
  ["rule add sport 1024-60000 ipproto tcp table 100", "route replace default via 2001:db8:2::9 table 100"],
  ["rule add uidrange 0-0 table 100", "route replace default via 2001:db8:2::9 table 100"],
  ["rule add iif eth0 table 100", "route replace default via 2001:db8:2::9 table 100"],
  ["rule add iif lo table 100", "route replace default via 2001:db8:1::5 table 100"],
  ["rule add oif eth1 table 100", "route replace default via 2001:db8:1::5 dev eth1 table 100"],
  [
    "rule add not from 2001:db8:1::/64 table 100",
    "route replace 2001:db7:ffff::/96 via 2001:db8:1::5 table 100",
  ],
  ["rule add fwmark 1 goto 40000", "rule add prohibit pref 40000"],
  [
    "rule add fwmark 1 table 100 suppress_prefixlength 0",
    "route replace default via 2001:db8:2::9 table 100",
  ],
  ["route replace local 2001:db7:ffff::/96 dev lo"],
  ["route replace throw 2001:db7:ffff::/96"],
  ["route replace 2001:db7:ffff::/96 via 2001:db8:1::5 src 2001:db8:2::1"],
  ["route replace unreachable default metric 10"],
  ["addr add 2001:db8:1::99/64 dev eth1 nodad"],
  ["addr add 2001:db8:77::1/64 dev eth2 nodad preferred_lft 0"],
];

const sysctls: readonly Readonly<Record<string, string>>[] = [
  { "net.ipv6.conf.all.forwarding": "0" },
  { "net.ipv6.conf.all.hop_limit": "99", "net.ipv6.conf.eth0.hop_limit": "99" },
  { "net.netfilter.nf_conntrack_checksum": "0" },
  { "net.ipv6.fwmark_reflect": "1" },
  { "net.ipv6.conf.eth1.forwarding": "0" },
  { "net.ipv6.conf.all.drop_unicast_in_l2_multicast": "1" },
  { "net.ipv6.ip_nonlocal_bind": "1" },
  { "net.ipv6.icmp.error_anycast_as_unicast": "1" },
  { "net.ipv6.conf.eth2.mtu": "1300" },
  { "net.netfilter.nf_conntrack_icmpv6_timeout": "55" },
];

/**
 * An IPv6 scenario: an IPv4 one put into IPv6's words, so that both families are asked the same things, with flows and
 * rules of IPv6's own in between. All neighbours are known: the host would count its own solicitations.
 */
export function generateIpv6Scenario(seed: string, options: ScenarioOptions = {}): Scenario {
  const dice = new Dice(`${seed} ipv6`);
  if (new Dice(`${seed} headers`).maybe(0.12)) {
    return {
      seed,
      family: "ipv6",
      rules: headerRuleset(dice),
      routes: linkLocalNeighbours,
      packets: headerPackets(dice),
    };
  }
  const four = generateScenario(seed, options);
  const most = options.flows ?? 7;
  const ownFlows = Array.from({ length: dice.between(Math.min(2, most), most) }, () => ({
    steps: dice.weighed(flows)(dice),
  }));
  const packets = interleave(dice, [...ownFlows, { steps: four.packets.map(sixStep) }]);
  // the IPv4 routes mean nothing here
  const groups = (four.routes ?? []).filter((command) => command.startsWith("link"));
  const hasSeveral = dice.maybe(0.1);
  const sysctl =
    hasSeveral || dice.maybe(0.15)
      ? { ...four.sysctl, ...Object.assign({}, ...dice.some(sysctls, hasSeveral ? 2 : 1)) }
      : four.sysctl;
  const changes = dice.maybe(0.35) ? dice.some(hostChanges, hasSeveral ? 2 : 1).flat() : [];
  // rules would lead the kernel astray where it looks for a route's gateway
  const isRule = (command: string) => command.startsWith("rule");
  const inOrder = [...changes.filter((one) => !isRule(one)), ...changes.filter(isRule)];
  return {
    seed,
    family: "ipv6",
    ...(four.backend ? { backend: four.backend } : {}),
    rules: withExtraRules(dice, sixRules(four.rules)),
    ...(sysctl ? { sysctl } : {}),
    routes: [...groups, ...inOrder, ...linkLocalNeighbours],
    packets,
  };
}
