import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { UsageError } from "./exit-status.ts";

/** All that the command line asks of the process around it; tests hand in their own. */
export interface Terminal {
  /** Results. */
  out(text: string | Uint8Array): void;
  /** Everything else. */
  err(text: string): void;
  /** The bytes of a file, of standard input for `-`. Throws `UsageError` where they cannot be read. */
  read(path: string): Promise<Uint8Array>;
  /** The names of a folder's entries, sorted; `undefined` where the path is no folder. */
  list(path: string): readonly string[] | undefined;
  /** Puts text or bytes in a file's place. Throws `UsageError` where that cannot be done. */
  write(path: string, content: string | Uint8Array): void;
  /** The folder that relative paths start from. */
  readonly directory: string;
  /** Seconds since 1970. */
  now(): number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reason(error)}`);
  }
}

function writeFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reason(error)}`);
  }
}

/** The system's own words, e.g. "no such file or directory". */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message;
}

export const nodeTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  read: async (path) => (path === "-" ? readStandardInput() : readFile(path)),
  list(path) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    return readdirSync(path).sort();
  },
  write: writeFile,
  directory: process.cwd(),
  now: () => Date.now() / 1000,
  environment: process.env,
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
};
