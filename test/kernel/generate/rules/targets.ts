import type { TableName } from "../../../../src/extensions/extension.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import type { Dice } from "../dice.ts";
import { natDestinations, natSources } from "./addresses.ts";
import { furtherTargets } from "./further-targets.ts";
import { mangleTargets } from "./mangle-targets.ts";

/** Where a target would stand. */
export interface TargetSite {
  readonly table: TableName;
  readonly hook: Hook;
  readonly protocol: number | undefined;
  /** User-defined chains that may be jumped to. */
  readonly chains: readonly string[];
  /** How many conditions the rule has: what ends a packet's way should not be for every packet. */
  readonly conditions: number;
}

const rejectTypes = [
  "icmp-net-unreachable",
  "icmp-host-unreachable",
  "icmp-port-unreachable",
  "icmp-proto-unreachable",
  "icmp-net-prohibited",
  "icmp-host-prohibited",
  "icmp-admin-prohibited",
] as const;

function rejectTarget(dice: Dice, protocol: number | undefined): string {
  if (protocol === 6 && dice.maybe(0.5)) return "-j REJECT --reject-with tcp-reset";
  return dice.maybe(0.3) ? "-j REJECT" : `-j REJECT --reject-with ${dice.of(rejectTypes)}`;
}

const logTarget = (dice: Dice): string =>
  dice.of([
    "-j LOG",
    '-j LOG --log-prefix "in: " --log-level 6',
    "-j LOG --log-prefix drop: --log-tcp-options --log-uid",
  ]);

const markTarget = (dice: Dice): string =>
  `-j MARK ${dice.of(["--set-mark 1", "--set-mark 0x2/0x2", "--set-xmark 0x10/0xf0", "--and-mark 0xf", "--or-mark 0x10", "--xor-mark 3"])}`;

/** `addr`, `addr:port`, … for `--to-destination`; ports only where the rule asks for a protocol that has them. */
function destinationTarget(dice: Dice, protocol: number | undefined): string {
  const ports = protocol === 6 || protocol === 17;
  const redirect = `-j REDIRECT${ports && dice.maybe(0.7) ? ` --to-ports ${dice.of(["8080", "5060", "1000-1003"])}` : ""}`;
  const port = ports && dice.maybe(0.5) ? `:${dice.of(["80", "8080", "22", "2000-2003"])}` : "";
  if (dice.maybe(0.08))
    return `-j NETMAP --to ${dice.of(["198.51.100.0/24", "203.0.113.64/28", "10.0.0.9"])}`;
  if (dice.maybe(0.3)) return redirect + how(dice, ["--random"]);
  return `-j DNAT --to-destination ${natDestinations(dice)}${port}${how(dice, ["--random", "--persistent"])}`;
}

/** A flag of the way to choose, now and then. */
const how = (dice: Dice, flags: readonly string[]): string => (dice.maybe(0.15) ? ` ${dice.of(flags)}` : "");

function sourceTarget(dice: Dice, hook: Hook, protocol: number | undefined): string {
  const port =
    (protocol === 6 || protocol === 17) && dice.maybe(0.25) ? dice.between(20000, 40000) : undefined;
  const ports = port && dice.maybe(0.4) ? `${port}-${port + dice.between(0, 3)}` : port;
  if (dice.maybe(0.06)) return `-j NETMAP --to ${dice.of(["203.0.113.0/24", "10.0.0.77"])}`;
  if (hook === "POSTROUTING" && dice.maybe(0.45))
    return `-j MASQUERADE${ports ? ` --to-ports ${ports}` : ""}${how(dice, ["--random", "--random-fully"])}`;
  const flags = how(dice, ["--random", "--persistent", "--random-fully"]);
  return `-j SNAT --to-source ${natSources(dice)}${ports ? `:${ports}` : ""}${flags}`;
}

/** A target with its options; empty for a rule that only counts. */
export function someTarget(dice: Dice, site: TargetSite): string {
  const { table, hook, protocol, chains, conditions } = site;
  const aimed = conditions >= 2 ? 1 : 0.1;
  const jump = chains.length > 0 ? 3 : 0;
  const nat = table === "nat";
  return dice.weighed<() => string>([
    [nat ? 0.7 : 1.5, () => "-j ACCEPT"],
    [nat ? 0 : 0.9 * aimed, () => "-j DROP"],
    [0.8, () => "-j RETURN"],
    [2, () => ""],
    // nobody listens
    [
      nat ? 0 : 0.25 * aimed,
      () => dice.of(["-j NFQUEUE --queue-num 3", "-j NFQUEUE --queue-num 3 --queue-bypass", "-j QUEUE"]),
    ],
    [1, () => logTarget(dice)],
    [jump, () => `-j ${dice.of(chains)}`],
    [jump / 4, () => `-g ${dice.of(chains)}`],
    [table === "filter" ? 1.8 * aimed : 0, () => rejectTarget(dice, protocol)],
    [table === "mangle" ? 4 : 0, () => markTarget(dice)],
    [table === "raw" ? 1.2 * aimed : 0, () => dice.of(["-j NOTRACK", "-j CT --notrack"])],
    ...furtherTargets(site).map(([weight, make]) => [weight, () => make(dice)] as const),
    ...mangleTargets({ table, hook, protocol }).map(([weight, make]) => [weight, () => make(dice)] as const),
    [nat && (hook === "PREROUTING" || hook === "OUTPUT") ? 5 : 0, () => destinationTarget(dice, protocol)],
    [nat && (hook === "POSTROUTING" || hook === "INPUT") ? 5 : 0, () => sourceTarget(dice, hook, protocol)],
  ])();
}
