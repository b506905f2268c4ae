import { chunk } from "./states.ts";

export interface Chunk {
  readonly type: number;
  readonly flags: number;
  /** The initiate tag of INIT and INIT ACK; `undefined` where the packet ends before their fixed part does. */
  readonly initTag: number | undefined;
}

/** INIT's fixed part behind the chunk header. */
const initLength = 16;
const alone: ReadonlySet<number> = new Set([chunk.init, chunk.initAck, chunk.shutdownComplete]);
const first: ReadonlySet<number> = new Set([chunk.cookieEcho, chunk.cookieAck]);

/** The chunks behind the common header at `offset`; `undefined` where they are no sound bundle (do_basic_checks). */
export function readChunks(bytes: Uint8Array, offset: number): readonly Chunk[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  let loner = false;
  for (let at = offset + 12; at + 4 <= bytes.length; ) {
    const type = bytes[at]!;
    const length = view.getUint16(at + 2);
    loner ||= alone.has(type);
    if (length === 0 || (chunks.length > 0 && (loner || first.has(type)))) return undefined;
    const initTag = at + 4 + initLength <= bytes.length ? view.getUint32(at + 4) : undefined;
    chunks.push({ type, flags: bytes[at + 1]!, initTag });
    at += (length + 3) & ~3;
  }
  return chunks.length > 0 ? chunks : undefined;
}
