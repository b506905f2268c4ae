import { UsageError } from "./exit-status.ts";
import { expandGlob, isGlob } from "./glob.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText } from "./text.ts";

export interface PathChoice {
  /** A file with a path a line, `-` for standard input. */
  readonly filesFrom?: string;
  readonly shard?: Shard;
}

/** Every `count`th file, beginning with number `index`, from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * The files that a command is about: paths and globs of the command line, then those of `--files-from`, each file once, and
 * of these the shard's. Throws `UsageError` for a glob that nothing fits.
 */
export async function rulePaths(
  patterns: readonly string[],
  { filesFrom, shard }: PathChoice,
  terminal: Terminal,
): Promise<readonly string[]> {
  const listed = filesFrom === undefined ? [] : linesOf(decodeText(await terminal.read(filesFrom)).text);
  const given = patterns.flatMap((pattern) => {
    // a file that is there is meant itself, whatever its name looks like
    if (!isGlob(pattern) || terminal.size(pattern) !== undefined) return [pattern];
    const found = expandGlob(pattern, terminal);
    if (found.length === 0) throw new UsageError(`no file fits ${pattern}`);
    return found;
  });
  const all = [...new Set([...given, ...listed])];
  if (all.length === 0) throw new UsageError("no file is named");
  if (filesFrom === "-" && all.includes("-"))
    throw new UsageError("standard input is the list of files already");
  return shard ? all.filter((_, position) => position % shard.count === shard.index) : all;
}

/** A path a line; with a NUL in it, as `find -print0` writes it, a path between NULs. */
const linesOf = (text: string): readonly string[] =>
  (text.includes("\0") ? text.split("\0") : text.split(/\r?\n/)).filter((line) => line !== "");

/**
 * `3/20`, from 1, or `20` alone: then JOB_COMPLETION_INDEX, which Kubernetes sets in an Indexed Job, says which one, from 0.
 * Throws `UsageError` for anything else.
 */
export function readShard(text: string, environment: Terminal["environment"]): Shard {
  const [, first, total] = /^(?:(\d{1,6})\/)?(\d{1,6})$/.exec(text) ?? [];
  const count = Number(total);
  if (total === undefined || count === 0) throw new UsageError(`--shard ${text}: write it as 3/20`);
  const told = environment["JOB_COMPLETION_INDEX"];
  if (first === undefined && (told === undefined || !/^\d{1,6}$/.test(told))) {
    throw new UsageError(
      `--shard ${text}: there is no JOB_COMPLETION_INDEX that says which one; write it as 3/${count}`,
    );
  }
  const index = first === undefined ? Number(told) : Number(first) - 1;
  if (index < 0 || index >= count) {
    throw new UsageError(`--shard ${text}: there is no shard ${index + 1} of ${count}`);
  }
  return { index, count };
}
