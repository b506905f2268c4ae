import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { CaptureProblem, PacketSource } from "../capture/captured-packet.ts";
import { decodeCapture } from "../capture/decode-capture.ts";
import { UsageError } from "./exit-status.ts";
import type { Terminal } from "./terminal.ts";

/** Called with how many more bytes of a file were read. */
export type OnRead = (bytes: number) => void;

/** Reads the packets of a capture, gzip or not, in portions, each of which has to be used up; what cannot be read goes into `problems`. Throws `UsageError` where the file cannot be opened. */
export async function* readCapture(
  path: string,
  terminal: Terminal,
  problems: CaptureProblem[],
  onRead: OnRead,
): AsyncGenerator<PacketSource> {
  const decoder = decodeCapture();
  const chunks = counted(terminal.stream(path), onRead);
  const { head, rest } = await peek(chunks);
  let unpacked = 0;
  try {
    for await (const chunk of isGzip(head) ? gunzip(rest) : rest) {
      unpacked += chunk.length;
      decoder.push(chunk);
      yield decoder;
      if (decoder.problems.some(({ code }) => code === "not-a-capture" || code === "unsupported")) break;
    }
    decoder.end();
    problems.push(...decoder.problems);
  } catch (error) {
    if (!isZlibError(error)) throw error;
    problems.push(...decoder.problems);
    problems.push({
      code: "cut-off",
      offset: unpacked,
      message: `the gzip file is damaged: ${error.message}`,
    });
  }
  const other = otherCompression(head);
  if (other !== undefined && problems.length > 0) {
    throw new UsageError(`${path} is compressed with ${other}: unpack it first (only gzip is read)`);
  }
}

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

const magics: readonly (readonly [string, readonly number[]])[] = [
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["lz4", [0x04, 0x22, 0x4d, 0x18]],
];

const otherCompression = (head: Uint8Array): string | undefined =>
  magics.find(([, magic]) => magic.every((byte, index) => head[index] === byte))?.[0];

async function* counted(chunks: AsyncIterable<Uint8Array>, onRead: OnRead): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onRead(chunk.length);
    yield chunk;
  }
}

/** The first four bytes, or all where there are fewer, and the stream from its start. */
async function peek(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly rest: AsyncIterable<Uint8Array> }> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return { head, rest: behind(head, chunks) };
}

async function* behind(head: Uint8Array, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* chunks;
}

function gunzip(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const unzip = createGunzip({ chunkSize: 1 << 18 });
  // the reader of the stream gets the error; without a listener here it would be nobody's
  pipeline(chunks, unzip, () => {});
  return unzip;
}

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");
