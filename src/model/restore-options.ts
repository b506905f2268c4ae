import type { Diagnostic, Outcome, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Word } from "../syntax/tree.ts";
import { didYouMean } from "./did-you-mean.ts";
import { Getopt, type LongOption, type ShortOption } from "./getopt.ts";
import { tableNames } from "./hooks.ts";

type Letter = "c" | "v" | "t" | "n" | "w" | "W" | "M" | "T" | "h" | "V" | "4" | "6";

/** Long name, letter, argument: iptables-restore(8). */
const options: readonly (readonly [string, Letter, LongOption<Letter>["argument"]])[] = [
  ["counters", "c", "none"],
  ["verbose", "v", "none"],
  ["version", "V", "none"],
  ["test", "t", "none"],
  ["help", "h", "none"],
  ["noflush", "n", "none"],
  ["wait", "w", "optional"],
  ["wait-interval", "W", "required"],
  ["modprobe", "M", "required"],
  ["table", "T", "required"],
  ["ipv4", "4", "none"],
  ["ipv6", "6", "none"],
];
const long = options.map(([name, key, argument]) => ({ name, argument, key, meaning: key }));
const short: ReadonlyMap<string, ShortOption<Letter>> = new Map(
  options.map(([, letter, argument]) => [letter, { argument, meaning: letter }]),
);

export interface RestoreWords {
  readonly keepCounters: boolean;
  readonly noFlush: boolean;
  readonly only?: TableName;
}

/** Reads the words behind `iptables-restore`; `undefined` where it would load nothing (`--test`, `--help`). */
export function readRestoreOptions(
  words: readonly Word[],
  source: Source,
  line: Span,
): Outcome<RestoreWords | undefined> {
  const given = new Set<Letter>();
  const diagnostics: Diagnostic[] = [];
  let only: TableName | undefined;
  const reader = new Getopt<Letter>(words, long, short);
  for (let step = reader.next(); step !== undefined; step = reader.next()) {
    if (step.kind === "argument") {
      const message = `the rules come from the file \`${step.word.text}\`, which is not read here`;
      diagnostics.push(problem(source, "shell-not-followed", step.word.span, message));
      return { value: undefined, diagnostics };
    }
    if (step.kind !== "option") {
      const help = didYouMean(
        step.word.text,
        long.map(({ name }) => `--${name}`),
      );
      const code = step.kind === "unknown" ? "unknown-option" : "missing-value";
      const message = `iptables-restore: unrecognized option '${step.word.text}'`;
      const more = help === undefined ? {} : { help };
      diagnostics.push(problem(source, code, step.word.span ?? line, message, more));
      return { value: undefined, diagnostics };
    }
    given.add(step.meaning);
    if (step.meaning === "w") reader.takeArgument();
    if (step.meaning === "T") only = tableNames.find((name) => name === step.value?.text);
  }
  if (given.has("t") || given.has("h") || given.has("V")) return { value: undefined, diagnostics };
  const value = { keepCounters: given.has("c"), noFlush: given.has("n") };
  return { value: only === undefined ? value : { ...value, only }, diagnostics };
}
