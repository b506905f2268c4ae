import type { Family } from "../packet/address.ts";
import type { LongOption, ShortOption } from "./getopt.ts";

/** The options that iptables itself knows, by their short letter; `0` is `--line-numbers`. */
export const commandLetters = ["A", "C", "D", "R", "I", "L", "S", "F", "Z", "N", "X", "E", "P"] as const;
export type CommandLetter = (typeof commandLetters)[number];
export const ruleLetters = ["p", "s", "d", "i", "o", "f", "j", "g", "c"] as const;
export type OptionLetter =
  | CommandLetter
  | (typeof ruleLetters)[number]
  | ("m" | "t" | "n" | "v" | "x" | "0" | "w" | "W" | "M" | "4" | "6" | "V" | "h");

type Argument = LongOption<unknown>["argument"];

/** Long name, letter, argument: `iptables --help` and iptables(8). The order is the one in which names are looked up. */
const long: readonly (readonly [string, OptionLetter, Argument])[] = [
  ["append", "A", "required"],
  ["delete", "D", "required"],
  ["check", "C", "required"],
  ["insert", "I", "required"],
  ["replace", "R", "required"],
  ["list", "L", "optional"],
  ["list-rules", "S", "optional"],
  ["flush", "F", "optional"],
  ["zero", "Z", "optional"],
  ["new-chain", "N", "required"],
  ["delete-chain", "X", "optional"],
  ["rename-chain", "E", "required"],
  ["policy", "P", "required"],
  ["source", "s", "required"],
  ["destination", "d", "required"],
  ["src", "s", "required"],
  ["dst", "d", "required"],
  ["protocol", "p", "required"],
  ["in-interface", "i", "required"],
  ["jump", "j", "required"],
  ["table", "t", "required"],
  ["match", "m", "required"],
  ["numeric", "n", "none"],
  ["out-interface", "o", "required"],
  ["verbose", "v", "none"],
  ["wait", "w", "optional"],
  ["wait-interval", "W", "optional"],
  ["exact", "x", "none"],
  ["fragments", "f", "none"],
  ["version", "V", "none"],
  ["help", "h", "optional"],
  ["line-numbers", "0", "none"],
  ["modprobe", "M", "required"],
  ["set-counters", "c", "required"],
  ["goto", "g", "required"],
  ["ipv4", "4", "none"],
  ["ipv6", "6", "none"],
];

/** ip6tables has no `--fragments`; `-f` it knows in order to refuse it. */
export const longOptions = (family: Family): readonly LongOption<OptionLetter>[] =>
  long
    .filter(([, letter]) => letter !== "f" || family === "ipv4")
    .map(([name, letter, argument]) => ({ name, argument, key: letter, meaning: letter }));

export const shortOptions: ReadonlyMap<string, ShortOption<OptionLetter>> = new Map(
  long
    .filter(([, letter]) => letter !== "0")
    .map(([, letter, argument]) => [letter, { argument, meaning: letter }]),
);

/** How an option is called in iptables' refusals. */
export const shownAs = (letter: OptionLetter): string => (letter === "0" ? "--line-numbers" : `-${letter}`);

export const isCommandLetter = (letter: OptionLetter): letter is CommandLetter =>
  (commandLetters as readonly string[]).includes(letter);

/** Letters of the commands that take a rule specification. */
export const ruleCommands = "ADCIR";
/** Which commands an option may stand with (iptables' generic_opt_check); what is not listed goes with all. */
export const allowedWith: Partial<Record<OptionLetter, string>> = {
  n: "L",
  s: ruleCommands,
  d: ruleCommands,
  p: ruleCommands,
  j: ruleCommands,
  g: ruleCommands,
  x: "L",
  i: ruleCommands,
  o: ruleCommands,
  "0": "L",
  c: "IRAP",
  f: ruleCommands,
};
/** The order in which iptables looks for an option that does not go with the command. */
export const checkedOrder: readonly OptionLetter[] = [
  "n",
  "s",
  "d",
  "p",
  "j",
  "g",
  "x",
  "i",
  "o",
  "0",
  "c",
  "f",
];
/** The options that `!` may stand before. */
export const invertible = "psdiof";
