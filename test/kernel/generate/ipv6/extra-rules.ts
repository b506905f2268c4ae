import type { TableName } from "../../../../src/extensions/extension.ts";
import { builtinChains } from "../../../../src/model/hooks.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import type { Dice } from "../dice.ts";
import { headerRules } from "./header-rules.ts";

const conditions = [
  "-p icmpv6",
  "-p icmpv6 --icmpv6-type neighbour-solicitation",
  "-p icmpv6 --icmpv6-type router-advertisement",
  "-p icmpv6 --icmpv6-type 128",
  "-p icmpv6 ! --icmpv6-type 1/4",
  "-p icmpv6 --icmpv6-type time-exceeded",
  "-p icmpv6 --icmpv6-type packet-too-big",
  "-p udp",
  "-p tcp",
  "-p udp --dport 53",
  "-p tcp --tcp-flags SYN,RST,ACK SYN",
  "-p udp --sport 1024:65535",
  "! -p udp",
  "! -p tcp",
  "-p ah",
  "-p esp",
  "-p 59",
  "-p 253",
  "-p 135",
  "-s fe80::/10",
  "-s 2001:db8::/32",
  "-s ::/128",
  "-d ff00::/8",
  "-d 2001:db8::/64",
  "-d 2001:db8:1::/64",
  "-m length --length 1000:65535",
  "-m length --length 48:80",
  "-m hl --hl-lt 3",
  "-m hl --hl-eq 255",
  "-m pkttype --pkt-type multicast",
  "-m multiport -p udp --dports 53,80",
  "-m string --algo bm --string xx",
  "-m addrtype --dst-type LOCAL",
  "-m addrtype --dst-type MULTICAST",
  "-m addrtype --src-type UNICAST",
  "",
] as const;

const states = [
  "-m conntrack --ctstate UNTRACKED",
  "-m conntrack --ctstate INVALID",
  "-m conntrack --ctstate NEW",
  "-m conntrack --ctstate RELATED",
  "-m state --state RELATED,ESTABLISHED",
  "-m conntrack ! --ctstate INVALID,UNTRACKED",
] as const;

const rejects = [
  ...["icmp6-no-route", "icmp6-adm-prohibited", "icmp6-addr-unreachable", "icmp6-port-unreachable"],
  ...["icmp6-policy-fail", "icmp6-reject-route"],
].map((type) => `-j REJECT --reject-with ${type}`);

/** Prefixes on both sides, of each length that counts: within 48 bits, beyond them, the whole half. */
const prefixes = [
  "--src-pfx 2001:db8:1::/64 --dst-pfx fd00:7:7:7::/64",
  "--src-pfx 2001:db8::/48 --dst-pfx fd00:1:2::/48",
  "--src-pfx 2001:db8:2::/64 --dst-pfx 2001:db8:1::/64",
  "--src-pfx 2001:db8::/32 --dst-pfx 2001:db8:1::/52",
] as const;

function translation(dice: Dice, hook: Hook): string {
  if (hook === "FORWARD") return "";
  const target = hook === "PREROUTING" || hook === "OUTPUT" ? "DNPT" : "SNPT";
  return `-j ${target} ${dice.of(prefixes)}`;
}

function someTarget(dice: Dice, table: TableName, hook: Hook, protocol: string, named: boolean): string {
  const rejecting = table === "filter" && named;
  return dice.weighed<() => string>([
    [3, () => ""],
    [1.5, () => "-j ACCEPT"],
    [named && table !== "nat" ? 0.5 : 0, () => "-j DROP"],
    [1, () => "-j LOG --log-prefix six"],
    [rejecting ? 2 : 0, () => dice.of(rejects)],
    [rejecting && protocol === "tcp" ? 5 : 0, () => "-j REJECT --reject-with tcp-reset"],
    [table === "mangle" ? 1 : 0, () => "-j MARK --set-mark 1"],
    [table === "mangle" ? 1.5 : 0, () => translation(dice, hook)],
    [table === "raw" && named ? 0.5 : 0, () => "-j NOTRACK"],
  ])();
}

function firstCondition(dice: Dice, hook: Hook): string {
  const received = hook === "PREROUTING" || hook === "INPUT" || hook === "FORWARD";
  return dice.weighed<() => string>([
    [conditions.length, () => dice.of(conditions)],
    [headerRules.length, () => dice.of(headerRules)],
    [received ? 3 : 0, () => "-m eui64"],
  ])();
}

function someRule(dice: Dice, table: TableName, hook: Hook): string {
  const first = firstCondition(dice, hook);
  const tracked = table !== "raw" && dice.maybe(0.35) ? dice.of(states) : "";
  const protocol = /^-p (\w+)/.exec(first)?.[1] ?? "";
  const target = someTarget(dice, table, hook, protocol, first !== "" && !first.startsWith("!"));
  return ["-A", hook, first, tracked, target].filter(Boolean).join(" ");
}

/** Rules with what only ip6tables has, put at random places of a rule set's built-in chains. */
export function withExtraRules(dice: Dice, rules: string): string {
  let table: TableName = "filter";
  return rules
    .split("\n")
    .flatMap((line) => {
      if (line.startsWith("*")) table = line.slice(1) as TableName;
      const isRule = line.startsWith("-A") || line === "COMMIT";
      if (!isRule || !dice.maybe(line === "COMMIT" ? 0.9 : 0.25)) return [line];
      return [someRule(dice, table, dice.of(builtinChains(table))), line];
    })
    .join("\n");
}
