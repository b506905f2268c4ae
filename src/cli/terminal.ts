import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { setFlagsFromString } from "node:v8";
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
  /** The same bytes, in chunks as they are read. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Bytes of a file; `undefined` where that is not known beforehand. */
  size(path: string): number | undefined;
  /** A file to be written piece by piece, in place of what was there. Throws `UsageError` where that cannot be done. */
  create(path: string): FileWriter;
  /** Makes a folder with those above it; fine where it is there. Throws `UsageError` where that cannot be done. */
  makeFolder(path: string): void;
  /** The folder that relative paths start from. */
  readonly directory: string;
  /** From here on memory counts for more than time: much is made that is forgotten late, such as entries of a full table. */
  spareMemory(): void;
  /** Seconds since 1970. */
  now(): number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
}

export interface FileWriter {
  write(bytes: Uint8Array): void;
  close(): void;
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const readFile = (path: string): Uint8Array => attempt(`cannot read ${path}`, () => readFileSync(path));

const chunkSize = 1 << 18;

async function* streamOf(path: string): AsyncGenerator<Uint8Array> {
  if (path === "-") {
    for await (const chunk of process.stdin) yield chunk as Buffer;
    return;
  }
  const file = attempt(`cannot read ${path}`, () => openSync(path, "r"));
  try {
    for (;;) {
      const chunk = new Uint8Array(chunkSize);
      const length = attempt(`cannot read ${path}`, () => readSync(file, chunk));
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

function createFile(path: string): FileWriter {
  const failure = `cannot write ${path}`;
  const file = attempt(failure, () => openSync(path, "w"));
  let waiting: Uint8Array[] = [];
  let length = 0;
  const flush = (): void => {
    const bytes = Buffer.concat(waiting);
    for (let at = 0; at < bytes.length; ) at += attempt(failure, () => writeSync(file, bytes, at));
    waiting = [];
    length = 0;
  };
  return {
    write(bytes) {
      waiting.push(bytes);
      length += bytes.length;
      if (length >= chunkSize) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

function attempt<T>(failure: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`${failure}: ${reason(error)}`);
  }
}

const writeFile = (path: string, content: string | Uint8Array): void =>
  attempt(`cannot write ${path}`, () => writeFileSync(path, content));

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
  stream: streamOf,
  size(path) {
    const stat = path === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? stat.size : undefined;
  },
  create: createFile,
  makeFolder(path) {
    attempt(`cannot make the folder ${path}`, () => mkdirSync(path, { recursive: true }));
  },
  directory: process.cwd(),
  // the heap grows by half before all of it is collected, not to a multiple; V8 looks at this flag each time
  spareMemory: () => setFlagsFromString("--heap-growing-percent=50"),
  now: () => Date.now() / 1000,
  environment: process.env,
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
};
