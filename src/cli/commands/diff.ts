import { Command } from "commander";
import { backendOption, formatOption, withColour, withFamily } from "../common-options.ts";
import {
  type ComparedFiles,
  type CompareOptions,
  compareFiles,
  jsonOf,
  markdownOf,
  textOf,
} from "../diff-files.ts";
import { exitStatus, UsageError } from "../exit-status.ts";
import { jsonText } from "../json-text.ts";
import { readShard } from "../rule-paths.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

const formats = ["text", "json", "markdown"] as const;

interface DiffOptions extends CompareOptions {
  readonly format: (typeof formats)[number];
  readonly shard?: string;
}

const notes = `
Exit status as diff(1): 0 no packet fares differently (a proof), 1 some do, 2 trouble.
As git's difftool: git difftool -x "netverdict diff" COMMIT -- rules.v4
See docs/diff.md.`;

/** `netverdict diff OLD NEW`: what changes for packets? */
export function diffCommand(session: Session): Command {
  const command = new Command("diff")
    .description("Show the packets that fare differently with other rules, or prove that there are none.")
    .argument("<old>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .argument("<new>", "the same; two folders: their files of the same names")
    .option("--shard <i/n>", "of folders only the i-th of n parts; n alone: JOB_COMPLETION_INDEX says which")
    .option(
      "--limit <groups>",
      "show at most so many groups of packets, 0 for all",
      wholeNumber(0, 999999999),
      10,
    )
    .addOption(backendOption())
    .option("-v, --verbose", "show both traces of each packet side by side")
    .addOption(formatOption(formats))
    .addHelpText("after", notes)
    .action((old: string, next: string, options: DiffOptions) => diff(old, next, options, session));
  return withColour(withFamily(command));
}

async function diff(oldPath: string, newPath: string, options: DiffOptions, session: Session): Promise<void> {
  const { terminal } = session;
  if (oldPath === "-" && newPath === "-") throw new UsageError("only one of the two can be standard input");
  const shard = options.shard === undefined ? undefined : readShard(options.shard, terminal.environment);
  const folders = [oldPath, newPath].filter((path) => path !== "-" && terminal.list(path) !== undefined);
  if (folders.length === 1) throw new UsageError(`${folders[0]} is a folder and the other is none`);
  if (folders.length === 2) {
    const { diffFolders } = await import("../diff-folders.ts");
    return diffFolders({ old: oldPath, next: newPath, shard }, options, session);
  }
  if (shard) throw new UsageError("--shard parts folders: OLD and NEW are files");
  const compared = await compareFiles(oldPath, newPath, options, terminal);
  await print(compared, options, terminal);
  if (compared.result.groups > 0) session.finish(exitStatus.findings);
}

async function print(
  { result, family }: ComparedFiles,
  options: DiffOptions,
  terminal: Terminal,
): Promise<void> {
  switch (options.format) {
    case "text":
      return terminal.out(await textOf(result, family, options, terminal));
    case "json":
      return terminal.out(jsonText(await jsonOf(result, family)));
    case "markdown":
      return terminal.out(await markdownOf(result, family));
  }
}
