import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import { wordsOf } from "../syntax/shell-words.ts";
import type { Word } from "../syntax/tree.ts";
import { bindCommand } from "./bind.ts";
import type { Command } from "./command.ts";
import { applyCommand } from "./edit.ts";
import { builtinChains } from "./hooks.ts";
import { jumpOf } from "./rule-target.ts";
import type { Rule, Ruleset } from "./ruleset.ts";

/** One rule by itself, and where it would stand. */
export interface LoneRule {
  readonly family: Family;
  readonly table: TableName;
  readonly chain: string;
  /** More than one where `-s` or `-d` lists addresses. */
  readonly rules: readonly Rule[];
}

interface Outcome {
  readonly value: LoneRule | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a rule that stands alone: a command line, a line of a dump, or what follows `-A CHAIN`. Table and chain may be left
 * open: then the rule is read for the first place that takes it. Chains that it names are there.
 */
export function readRule(text: string, family: Family, table?: TableName): Outcome {
  const source: Source = { name: "rule", text };
  const read = wordsOf(source);
  const program = /^(?:\S*\/)?(ip6?tables)(?:-legacy|-nft)?$/.exec(read.words[0]?.text ?? "");
  const words = program ? read.words.slice(1) : read.words;
  if (read.diagnostics.length > 0 || words.length === 0) {
    const empty = problem(source, "missing-value", { start: 0, end: text.length }, "there is no rule here");
    return { value: undefined, diagnostics: words.length === 0 ? [empty] : read.diagnostics };
  }
  const known: Family = program?.[1] === "ip6tables" ? "ipv6" : family;
  const first = readAt(words, source, known, table, undefined);
  if (first.value || hasOption(words, commands)) return first;
  for (const each of table ? [table] : tables) {
    for (const chain of builtinChains(each)) {
      const outcome = readAt(words, source, known, each, chain);
      if (outcome.value) return outcome;
    }
  }
  return readAt(words, source, known, table, builtinChains(table ?? "filter")[0]);
}

/** Where a rule of no table is looked for first: most rules filter. */
const tables: readonly TableName[] = ["filter", "mangle", "nat", "raw", "security"];

const commands =
  /^(-[ADIRCLSFZNXEP]|--(append|delete|insert|replace|check|list|list-rules|flush|zero|new|delete-chain|rename-chain|policy))$/;
const tableOption = /^(-t|--table)(?:=|$)/;

const hasOption = (words: readonly Word[], option: RegExp): boolean =>
  words.some(({ text }) => option.test(text));

const added = (text: string): Word => ({ text, quoted: false, span: { start: 0, end: 0 } });

/** Reads the rule as it stands, with the table and the command that it lacks. */
function readAt(
  words: readonly Word[],
  source: Source,
  family: Family,
  table: TableName | undefined,
  chain: string | undefined,
): Outcome {
  const before = [
    ...(table && !hasOption(words, tableOption) ? ["-t", table] : []),
    ...(chain ? ["-A", chain] : []),
  ];
  const { value: command, diagnostics } = bindCommand([...before.map(added), ...words], { source, family });
  const rules = command && rulesOf(command);
  if (!command || !rules || !("chain" in command) || command.chain === undefined) {
    const span = { start: 0, end: source.text.length };
    const none = problem(source, "missing-value", span, "this command has no rule to explain");
    return { value: undefined, diagnostics: diagnostics.some(isError) ? diagnostics : [none] };
  }
  const refused = placeOf(command, command.chain, rules, family, source);
  if (refused) return { value: undefined, diagnostics: [...diagnostics, refused] };
  return { value: { family, table: command.table, chain: command.chain, rules }, diagnostics };
}

const isError = ({ severity }: Diagnostic): boolean => severity === "error";

const rulesOf = (command: Command): readonly Rule[] | undefined =>
  "rules" in command ? command.rules : "rule" in command ? [command.rule] : undefined;

/** What the kernel, or the table, objects to where the rule stands. */
function placeOf(
  { table }: Command,
  chain: string,
  rules: readonly Rule[],
  family: Family,
  source: Source,
): Diagnostic | undefined {
  let ruleset: Ruleset = { family, tables: new Map() };
  const chains = [chain, ...rules.map(jumpOf)].filter((name) => name !== undefined);
  for (const name of new Set(chains)) {
    if (builtinChains(table).some((one) => one === name)) continue;
    ruleset = applyCommand(ruleset, { table, kind: "new-chain", chain: name }).ruleset;
  }
  const { result } = applyCommand(ruleset, { table, kind: "append", chain, rules });
  if (result.ok) return undefined;
  const { code, message, help, notes } = result.refusal;
  const span = { start: 0, end: source.text.length };
  return problem(source, code, span, message, help === undefined ? { notes } : { notes, help });
}
