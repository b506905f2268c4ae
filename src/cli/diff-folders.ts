import { visibleText } from "../diagnostics/visible-text.ts";
import type { JsonObject } from "../report/trace-json.ts";
import { styleFor } from "./colour.ts";
import {
  type ComparedFiles,
  type CompareOptions,
  compareFiles,
  jsonOf,
  markdownOf,
  textOf,
} from "./diff-files.ts";
import { exitStatus, UsageError } from "./exit-status.ts";
import { jsonText } from "./json-text.ts";
import type { Shard } from "./rule-paths.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface FolderPair {
  readonly old: string;
  readonly next: string;
  readonly shard: Shard | undefined;
}

interface FolderOptions extends CompareOptions {
  readonly format: "text" | "json" | "markdown";
}

/**
 * Compares the files of the same names in two folders: a fleet before and after. A file that is in one of them only is a
 * difference, as for diff -r; one that cannot be read keeps no other from being compared.
 */
export async function diffFolders(
  { old, next, shard }: FolderPair,
  options: FolderOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  const [before, after] = [namesIn(old, terminal), namesIn(next, terminal)];
  const names = [...new Set([...before, ...after])]
    .sort()
    .filter((_, position) => !shard || position % shard.count === shard.index);
  const alone = names.flatMap((name) => {
    if (before.has(name) && after.has(name)) return [];
    return [`${before.has(name) ? old : next}/${name}`];
  });
  const compared: ComparedFiles[] = [];
  for (const name of names.filter((one) => before.has(one) && after.has(one))) {
    try {
      compared.push(await compareFiles(`${old}/${name}`, `${next}/${name}`, options, terminal));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      terminal.err(`netverdict: ${error.message}\n`);
      session.finish(exitStatus.usage);
    }
  }
  terminal.out(await printed(compared, alone, options, terminal));
  if (alone.length > 0 || compared.some(({ result }) => result.groups > 0))
    session.finish(exitStatus.findings);
}

/** The files of a folder, without the ones that are hidden. */
const namesIn = (folder: string, terminal: Terminal): ReadonlySet<string> =>
  new Set(
    (terminal.list(folder) ?? []).filter(
      (name) => !name.startsWith(".") && terminal.list(`${folder}/${name}`) === undefined,
    ),
  );

async function printed(
  compared: readonly ComparedFiles[],
  alone: readonly string[],
  options: FolderOptions,
  terminal: Terminal,
): Promise<string> {
  switch (options.format) {
    case "json": {
      const files: JsonObject[] = [];
      for (const { result, family } of compared) files.push(await jsonOf(result, family));
      return jsonText({ version: 1, files, onlyInOne: alone });
    }
    case "markdown": {
      const parts: string[] = [];
      for (const { result, family } of compared) parts.push(await markdownOf(result, family));
      return [
        ...parts,
        ...alone.map((path) => `⚠️ only in one of the folders: \`${visibleText(path)}\`\n`),
      ].join("\n");
    }
    case "text": {
      const { strong, bad } = styleFor(options.color, terminal, "out");
      const parts: string[] = [];
      for (const { result, family } of compared) {
        const head = strong(`${visibleText(result.old)} -> ${visibleText(result.new)}`);
        parts.push(`${head}\n${await textOf(result, family, options, terminal)}`);
      }
      return [
        ...parts,
        ...alone.map((path) => `${bad(`only in one of the folders: ${visibleText(path)}`)}\n`),
      ].join("\n");
    }
  }
}
