import type { ByteWindow } from "./byte-window.ts";

const none: ReadonlyMap<number, Uint8Array> = new Map();

/** The options between two places of a block, the first of each code. What does not fit into the block ends them. */
export function readOptions(
  window: ByteWindow,
  from: number,
  to: number,
  littleEndian: boolean,
): ReadonlyMap<number, Uint8Array> {
  if (from + 4 > to) return none;
  const options = new Map<number, Uint8Array>();
  let at = from;
  while (at + 4 <= to) {
    const code = window.uint16(at, littleEndian);
    const length = window.uint16(at + 2, littleEndian);
    if (code === 0 || at + 4 + length > to) break;
    if (!options.has(code)) options.set(code, window.slice(at + 4, at + 4 + length));
    at += 4 + ((length + 3) & ~3);
  }
  return options;
}
