import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import { problem } from "../../diagnostics/problem.ts";
import { Complaint, complain } from "./complaint.ts";
import type { Ipsets } from "./ipsets.ts";
import { type LineWord, lineWords } from "./line-words.ts";
import { QuickAdder } from "./quick-add.ts";
import { SetCommands } from "./set-commands.ts";

const carriageReturn = 13;

type Command = "create" | "add" | "del" | "flush" | "destroy" | "rename" | "swap" | "nothing";

/** Every command in the order in which ipset looks for an abbreviation, with its short names. */
const commands: readonly (readonly [name: string, meaning: Command, ...short: string[]])[] = [
  ["create", "create", "n", "-N"],
  ["add", "add", "-A"],
  ["del", "del", "-D"],
  ["test", "nothing", "-T"],
  ["destroy", "destroy", "x", "-X"],
  ["list", "nothing", "-L"],
  ["save", "nothing", "-S"],
  ["restore", "nothing", "-R"],
  ["flush", "flush", "-F"],
  ["rename", "rename", "e", "-E"],
  ["swap", "swap", "w", "-W"],
  ["help", "nothing", "-H"],
  ["version", "nothing", "-V"],
  ["quit", "nothing"],
  ["COMMIT", "nothing"],
];

const switches: Readonly<Record<string, "exist" | "other">> = {
  "-exist": "exist",
  "-!": "exist",
  "-quiet": "other",
  "-q": "other",
  "-resolve": "other",
  "-r": "other",
  "-sorted": "other",
  "-s": "other",
  "-name": "other",
  "-n": "other",
  "-terse": "other",
  "-t": "other",
};

function commandOf({ text, span }: LineWord): Command {
  const found =
    commands.find(([name, , ...short]) => name === text || short.includes(text)) ??
    commands.find(([name]) => text !== "" && name.startsWith(text));
  if (found) return found[1];
  const near = didYouMean(
    text,
    commands.map(([name]) => name),
  );
  return complain(
    `No command specified: unknown argument ${text}`,
    span,
    near === undefined ? undefined : `did you mean \`${near}\`?`,
  );
}

/**
 * Reads what `ipset save` writes, or any other text for `ipset restore`. Never throws: a line that ipset or the kernel
 * would refuse is a diagnostic, and the other lines count, though ipset itself would stop there.
 */
export function parseIpsets(
  text: string,
  filename = "ipset-save.txt",
): { readonly ipsets: Ipsets; readonly diagnostics: readonly Diagnostic[] } {
  const source = { name: filename, text };
  const run = new SetCommands();
  const diagnostics: Diagnostic[] = [];
  const quick = new QuickAdder(text, run.sets);
  for (let start = 0, next = 0; start <= text.length; start = next) {
    const feed = text.indexOf("\n", start);
    next = feed < 0 ? text.length + 1 : feed + 1;
    const end = next - 1;
    const returns = end > start && text.charCodeAt(end - 1) === carriageReturn ? 1 : 0;
    if (quick.add(start, end - returns)) continue;
    const line = text.slice(start, end);
    try {
      runLine(run, line, start);
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      const indent = line.length - line.trimStart().length;
      const span = error.span ?? { start: start + indent, end: Math.max(start + indent, end) };
      const more = error.help === undefined ? {} : { help: error.help };
      diagnostics.push(problem(source, "ipset-refuses", span, error.message, more));
    }
  }
  return { ipsets: { sets: run.sets }, diagnostics };
}

function runLine(run: SetCommands, line: string, start: number): void {
  const text = line.replace(/\r$/, "");
  if (/^\s*(#|$)/.test(text)) return;
  const all = lineWords(text, start);
  const isSwitch = ({ text: word }: LineWord) => Object.hasOwn(switches, word);
  const exist = all.some((word) => isSwitch(word) && switches[word.text] === "exist");
  const [command, ...words] = all.filter((word) => !isSwitch(word));
  if (!command) return;
  switch (commandOf(command)) {
    case "create":
      run.create(words, exist);
      return;
    case "add":
      run.add(words, exist);
      return;
    case "del":
      run.delete(words, exist);
      return;
    case "flush":
      run.flush(words);
      return;
    case "destroy":
      run.destroy(words);
      return;
    case "rename":
      run.rename(words);
      return;
    case "swap":
      run.swap(words);
      return;
    case "nothing":
  }
}
