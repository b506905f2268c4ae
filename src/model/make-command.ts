import type { TableName } from "../extensions/extension.ts";
import type { Command } from "./command.ts";
import type { Counters, Rule } from "./ruleset.ts";

/** What the words of a command gave besides its rules. */
export interface CommandWords {
  readonly table: TableName;
  readonly chain: string | undefined;
  readonly number: number | undefined;
  /** The new name of -E, the policy of -P. */
  readonly argument: string | undefined;
  readonly counters: Counters | undefined;
}

/** The command of some command letters; the reader saw to it that all it needs was given. */
export function makeCommand(letters: string, rules: readonly Rule[], words: CommandWords): Command {
  const { table, number, counters } = words;
  const chain = words.chain ?? "";
  const argument = words.argument ?? "";
  const zero = letters.includes("Z");
  if (letters.includes("L")) return { table, kind: "list", chain: words.chain, zero };
  if (letters.includes("S")) return { table, kind: "list-rules", chain: words.chain, zero };
  switch (letters) {
    case "F":
      return { table, kind: "flush", chain: words.chain };
    case "X":
      return { table, kind: "delete-chain", chain: words.chain };
    case "Z":
      return { table, kind: "zero", chain: words.chain, number };
    case "D":
      if (number !== undefined) return { table, kind: "delete-number", chain, number };
      return { table, kind: "delete", chain, rules };
    case "C":
      return { table, kind: "check", chain, rules };
    case "I":
      return { table, kind: "insert", chain, number: number ?? 1, rules };
    case "R":
      return { table, kind: "replace", chain, number: number ?? 1, rule: rules[0]! };
    case "N":
      return { table, kind: "new-chain", chain };
    case "E":
      return { table, kind: "rename-chain", chain, to: argument };
    case "P":
      return { table, kind: "policy", chain, policy: argument, counters };
    default:
      return { table, kind: "append", chain, rules };
  }
}
