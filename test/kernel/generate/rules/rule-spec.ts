import type { TableName } from "../../../../src/extensions/extension.ts";
import { protocolName } from "../../../../src/packet/protocols.ts";
import type { Dice } from "../dice.ts";
import { addressOption, interfaceOption } from "./addresses.ts";
import { conditions } from "./conditions.ts";
import { portOptions } from "./ports.ts";
import type { Sight } from "./sight.ts";

/** The conditions of a rule, so that a target can tell whether it may stand behind them. */
export interface RuleSpec {
  readonly text: string;
  /** The protocol that `-p` asks for without negation. */
  readonly protocol: number | undefined;
}

/** `count` conditions, most of which hold for what the sight is of. */
export function ruleSpec(dice: Dice, table: TableName, sight: Sight, count: number): RuleSpec {
  const words: string[] = [];
  const matches: string[] = [];
  let protocol: number | undefined;
  let negated = false;
  for (let rest = count; rest > 0; rest--) {
    const { inDevice, outDevice } = sight;
    dice.weighed<() => void>([
      [2, () => words.push(addressOption(dice, "-s", sight.source))],
      [2, () => words.push(addressOption(dice, "-d", sight.destination))],
      [inDevice ? 2 : 0, () => words.push(interfaceOption(dice, "-i", inDevice ?? "lo"))],
      [outDevice ? 2 : 0, () => words.push(interfaceOption(dice, "-o", outDevice ?? "lo"))],
      [
        4,
        () => {
          if (protocol === undefined) matches.unshift(protocolOptions(dice, sight));
          protocol = sight.protocol;
        },
      ],
      [0.5, () => words.push(dice.maybe(0.3) ? "! -f" : "-f")],
      [
        0.6,
        () => {
          negated = true;
        },
      ],
      [
        7,
        () => {
          const valid = conditions.filter(
            (one) =>
              // before conntrack has run, every packet is INVALID to it
              (table !== "raw" || !one.needsConntrack || dice.maybe(0.1)) &&
              (one.hooks?.includes(sight.hook) ?? true) &&
              (one.tables?.includes(table) ?? true) &&
              (one.protocols?.includes(sight.protocol) ?? true),
          );
          const one = dice.weighed(valid.map((condition) => [condition.weight, condition] as const));
          if (one.protocols) protocol = sight.protocol;
          matches.push(one.text(dice, sight));
        },
      ],
    ])();
  }
  const protocolWords = protocolOption(dice, protocol, negated);
  return { text: [...unique(words), protocolWords, ...unique(matches)].filter(Boolean).join(" "), protocol };
}

function protocolOption(dice: Dice, protocol: number | undefined, negated: boolean): string {
  if (protocol !== undefined) return `-p ${dice.maybe(0.15) ? protocol : protocolName(protocol)}`;
  return negated ? dice.of(["! -p tcp", "! -p udp", "-p all", "! -p icmp"]) : "";
}

/** One of each option: the same flag twice is refused, `-m` may come twice. */
function unique(options: readonly string[]): string[] {
  const seen = new Set<string>();
  return options.filter((option) => {
    const flag = option.replace(/^! /, "").split(" ")[0] ?? "";
    const key = flag === "-m" ? option.split(" ").slice(0, 2).join(" ") : flag;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const tcpFlagSets = [
  "--syn",
  "! --syn",
  "--tcp-flags ALL FIN,PSH,URG",
  "--tcp-flags SYN,RST,ACK,FIN SYN",
  "--tcp-flags ALL NONE",
  "--tcp-flags SYN,FIN SYN,FIN",
  "--tcp-flags ACK ACK",
  "! --tcp-flags RST RST",
  "--tcp-flags FIN FIN",
] as const;

const icmpTypeNames: Readonly<Record<number, string>> = {
  0: "echo-reply",
  3: "destination-unreachable",
  8: "echo-request",
  13: "timestamp-request",
  14: "timestamp-reply",
};

/** What `-p tcp`, `-p udp` and `-p icmp` bring along. Empty for other protocols. */
function protocolOptions(dice: Dice, { protocol, sourcePort, destinationPort }: Sight): string {
  if (dice.maybe(0.3)) return "";
  if (protocol === 17) return portOptions(dice, sourcePort, destinationPort);
  if (protocol === 1) {
    const type = dice.weighed([
      [3, String(sourcePort)],
      [3, icmpTypeNames[sourcePort] ?? "any"],
      [1, "any"],
      [1, dice.of(["3/3", "time-exceeded", "fragmentation-needed", "5", "3"])],
    ]);
    return `${dice.maybe(0.15) ? "! " : ""}--icmp-type ${type}`;
  }
  if (protocol !== 6) return "";
  const flags = `${dice.of(tcpFlagSets)}`;
  return dice.weighed([
    [4, portOptions(dice, sourcePort, destinationPort)],
    [2, flags],
    [1, `${portOptions(dice, sourcePort, destinationPort)} ${flags}`],
    [0.7, `${dice.maybe(0.3) ? "! " : ""}--tcp-option ${dice.of([2, 3, 4, 8])}`],
  ]);
}
