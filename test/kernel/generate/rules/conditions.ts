import type { Dice } from "../dice.ts";
import { rangeMatch } from "./addresses.ts";
import { type Condition, not } from "./condition.ts";
import { connectionConditions } from "./connection-conditions.ts";
import { headerConditions } from "./header-conditions.ts";
import { hostConditions } from "./host-conditions.ts";
import { macText } from "./mac-text.ts";
import { multiportMatch } from "./ports.ts";
import type { Sight } from "./sight.ts";
import { connlimitMatch, limitMatch, recentMatch, timeMatch } from "./stateful.ts";
import { tunnelConditions } from "./tunnel-conditions.ts";

const states = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"] as const;
const someStates = (dice: Dice, of: readonly string[]): string =>
  dice.weighed([
    [2, "NEW"],
    [2, "RELATED,ESTABLISHED"],
    [2, dice.shuffled(dice.some(of, dice.between(1, 3))).join(",")],
  ]);

const needles = [
  '--string "GET /"',
  '--string "google"',
  '--string "admin"',
  "--string xxx",
  '--hex-string "|0d0a|"',
];

function stringMatch(dice: Dice): string {
  const from = dice.maybe(0.3) ? ` --from ${dice.of([0, 20, 28, 40])}` : "";
  const to = dice.maybe(0.3) ? ` --to ${dice.of([45, 60, 100, 1500])}` : "";
  const needle = `${not(dice)}${dice.of(needles)}`;
  return `-m string --algo ${dice.of(["bm", "kmp"])} ${needle}${from}${to}${dice.maybe(0.3) ? " --icase" : ""}`;
}

const addressTypes = ["UNICAST", "LOCAL", "BROADCAST", "MULTICAST", "LOCAL,BROADCAST", "UNSPEC"] as const;

function addrtypeMatch(dice: Dice, { hook }: Sight): string {
  const part = (flag: string) => `${not(dice)}--${flag}-type ${dice.of(addressTypes)}`;
  const limits: readonly string[] = dice.maybe(0.2)
    ? { PREROUTING: ["in"], INPUT: ["in"], FORWARD: ["in", "out"], OUTPUT: ["out"], POSTROUTING: ["out"] }[
        hook
      ]
    : [];
  const parts = dice.weighed([
    [2, [part("dst")]],
    [2, [part("src")]],
    [1, [part("src"), part("dst")]],
  ]);
  return `-m addrtype ${parts.join(" ")}${limits.length ? ` --limit-iface-${dice.of(limits)}` : ""}`;
}

const comments = ["plain", '"a b"', '"it\'s"', '"say \\"hi\\""', "-"] as const;

export const conditions: readonly Condition[] = [
  {
    weight: 5,
    needsConntrack: true,
    text: (dice) => `-m state ${not(dice)}--state ${someStates(dice, states)}`,
  },
  {
    weight: 5,
    needsConntrack: true,
    text: (dice) => `-m conntrack ${not(dice)}--ctstate ${someStates(dice, [...states, "SNAT", "DNAT"])}`,
  },
  {
    weight: 4,
    protocols: [6, 17],
    text: (dice, sight) => multiportMatch(dice, sight.sourcePort, sight.destinationPort),
  },
  { weight: 4, text: (dice, sight) => rangeMatch(dice, sight.source, sight.destination) },
  {
    weight: 3,
    hooks: ["PREROUTING", "INPUT", "FORWARD"],
    text: (dice, { mac }) => `-m mac ${not(dice)}--mac-source ${macText(dice, mac)}`,
  },
  { weight: 3, text: stringMatch },
  { weight: 3, text: (dice) => timeMatch(dice) },
  { weight: 3, needsConntrack: true, text: (dice) => connlimitMatch(dice) },
  { weight: 3, text: (dice) => limitMatch(dice) },
  { weight: 2, text: (dice) => recentMatch(dice) },
  { weight: 3, text: addrtypeMatch },
  { weight: 2, text: (dice) => `-m comment --comment ${dice.of(comments)}` },
  {
    weight: 3,
    text: (dice) =>
      `-m mark ${not(dice, 0.4)}--mark ${dice.of(["0", "1", "0x2/0x2", "0x10/0xf0", "0xffffffff"])}`,
  },
  ...headerConditions,
  ...connectionConditions,
  ...hostConditions,
  ...tunnelConditions,
];
