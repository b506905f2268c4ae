import type { Dice } from "../dice.ts";
import { type Condition, not } from "./condition.ts";
import type { Sight } from "./sight.ts";

const types = ["REQUEST", "REQUEST,RESPONSE", "DATA,ACK,DATAACK", "INVALID", "CLOSE,RESET,SYNC"] as const;

function dccpMatch(dice: Dice, { sourcePort, destinationPort }: Sight): string {
  const options = [
    `${not(dice)}--sport ${dice.of([sourcePort, `1:${sourcePort}`])}`,
    `${not(dice)}--dport ${dice.of([destinationPort, `${destinationPort}:`])}`,
    `${not(dice)}--dccp-types ${dice.of(types)}`,
    // inverted, Linux counts a packet for the rule that it then drops
    `--dccp-option ${dice.of([1, 5, 44])}`,
  ];
  return `-m dccp ${dice.some(options, dice.of([1, 1, 2])).join(" ")}`;
}

/** What DCCP and IPComp flows are asked for. */
export const tunnelConditions: readonly Condition[] = [
  { weight: 12, protocols: [33], text: dccpMatch },
  {
    weight: 12,
    protocols: [108],
    text: (dice) => `-m ipcomp ${not(dice)}--ipcompspi ${dice.of(["2", "0", "1:9", "3:70000"])}`,
  },
];
