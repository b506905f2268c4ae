import type { LineToken } from "../../grammar/line-token.ts";
import * as token from "../../grammar/tokens.ts";
import { expandWord } from "./shell-expand.ts";
import { callOf, isIptables, mentionsIptables } from "./shell-program.ts";
import type { ShellVariables } from "./shell-variables.ts";

/** What running a piece of shell that we don't follow might do. */
export interface BlockEffects {
  readonly changesRules: boolean;
  /** The variables that it may set. */
  readonly assigns: readonly string[];
}

const declares = new Set([
  "export",
  "readonly",
  "declare",
  "typeset",
  "local",
  "unset",
  "read",
  "for",
  "select",
  "getopts",
]);

/**
 * Looks over the commands of a block without following them.
 * `calls` tells of a function's name whether it may change rules.
 */
export function blockEffects(
  text: string,
  tokens: readonly LineToken[],
  variables: ShellVariables,
  calls: (name: string) => boolean,
): BlockEffects {
  let changesRules = false;
  const assigns: string[] = [];
  for (const command of commandsOf(tokens)) {
    for (const word of command) {
      const raw = text.slice(word.start, word.end);
      if (word.tokenType === token.Assignment) assigns.push(assignedName(raw));
      if (/\$\(|`/.test(raw) && mentionsIptables(replaceKnown(raw, variables))) changesRules = true;
    }
    const words = command.filter((word) => word.tokenType === token.ShellWord);
    const first = words[0];
    if (first === undefined) continue;
    const name = text.slice(first.start, first.end);
    if (declares.has(name)) for (const word of words.slice(1)) assigns.push(assignedName(word.text));
    if (calls(name) || runsIptables(text, words, variables)) changesRules = true;
  }
  return { changesRules, assigns };
}

export const assignedName = (raw: string): string => /^\w*/.exec(raw)![0];

/** Puts known values in place of `$NAME` and `${NAME}`, roughly: enough to see iptables called by a variable. */
export function replaceKnown(raw: string, variables: ShellVariables): string {
  return raw.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string | undefined, plain: string | undefined) => {
      const value = variables.get(braced ?? plain ?? "");
      return typeof value === "string" ? value : whole;
    },
  );
}

/** Words that are an iptables command's, whichever program a variable in front of them names. */
export const looksLikeRule = (raw: readonly string[]): boolean =>
  raw.some((word) =>
    /^-(?:[AIDRPNFXZE]|-(?:append|insert|delete|replace|policy|new-chain|flush|delete-chain))$/.test(word),
  );

function runsIptables(text: string, words: readonly LineToken[], variables: ShellVariables): boolean {
  const expansions = words.map(({ start, end }) => expandWord(text, start, end, variables));
  if (expansions[0]?.problem !== undefined) {
    return looksLikeRule(words.slice(1).map(({ start, end }) => text.slice(start, end)));
  }
  const expanded = expansions.flatMap((expansion) => expansion.words);
  if (expanded.length === 0) return false;
  const call = callOf(expanded);
  if (call.kind === "iptables") return call.call.kind !== "save";
  return (
    call.kind === "indirect" &&
    call.words.some(({ text: word }) => isIptables(word) || mentionsIptables(word))
  );
}

/** Cuts a block's tokens into simple commands, reserved words left out. */
function* commandsOf(tokens: readonly LineToken[]): Generator<LineToken[]> {
  let command: LineToken[] = [];
  for (const current of tokens) {
    const type = current.tokenType;
    const isWord = type === token.ShellWord || type === token.Assignment;
    const ends = !isWord && type !== token.Redirection;
    if (ends || (command.length === 0 && reserved.has(current.text))) {
      if (command.length > 0) yield command;
      command = [];
    } else if (isWord) command.push(current);
  }
  if (command.length > 0) yield command;
}

const reserved = new Set("if then elif else fi while until do done { } ( ! esac".split(" "));
