import { readdirSync, readFileSync, statSync } from "node:fs";
import { UsageError } from "../../src/cli/exit-status.ts";
import { run } from "../../src/cli/program.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface World {
  /** What standard input holds. */
  readonly stdin?: string | Uint8Array;
  /** Files that exist only here, by path; others are read from the disk. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Takes what the command writes to files, by path; nothing reaches the disk. */
  readonly written?: Map<string, string>;
  /** The same as bytes, where bytes were written. */
  readonly bytes?: Map<string, Uint8Array>;
  /** How many bytes a stream gives at once. */
  readonly chunk?: number;
  /** The folder that the command runs in. */
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
}

/** The time at which every command of the tests runs: 2026-01-01 00:00 UTC. */
export const now = 1767225600;

/** Runs one command line in this process. */
export async function netverdict(words: readonly string[], world: World = {}): Promise<Ran> {
  let out = "";
  let err = "";
  const { stdin = "", files = {}, environment = {}, isTerminal = false } = world;
  const { written = new Map<string, string>(), directory = "/nowhere" } = world;
  const terminal: Terminal = {
    out: (text) => {
      out += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
    },
    err: (text) => {
      err += text;
    },
    read: async (path) => {
      if (path === "-") return Buffer.from(stdin);
      const own = files[path];
      if (own !== undefined) return Buffer.from(own);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`cannot read ${path}`);
      return readFileSync(path);
    },
    list(path) {
      const own = Object.keys(files).filter((name) => name.startsWith(`${path}/`));
      if (own.length > 0) return own.map((name) => name.slice(path.length + 1)).sort();
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(path).sort() : undefined;
    },
    write: (path, content) => {
      written.set(path, typeof content === "string" ? content : Buffer.from(content).toString("utf8"));
      if (typeof content !== "string") world.bytes?.set(path, content);
    },
    async *stream(path) {
      const bytes = await terminal.read(path);
      const chunk = world.chunk ?? 1000;
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.slice(at, at + chunk);
    },
    size: (path) => files[path]?.length ?? statSync(path, { throwIfNoEntry: false })?.size,
    create(path) {
      const parts: Uint8Array[] = [];
      return { write: (bytes) => parts.push(bytes), close: () => terminal.write(path, Buffer.concat(parts)) };
    },
    makeFolder: () => {},
    directory,
    spareMemory: () => {},
    now: () => now,
    environment,
    outIsTerminal: isTerminal,
    errIsTerminal: isTerminal,
  };
  const status = await run(words, terminal);
  return { status, out, err };
}
