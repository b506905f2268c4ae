import { byteLength } from "../diagnostics/byte-length.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Word } from "./tree.ts";

/** What iptables-restore 1.8.9 (iptables-restore.c, xshared.c) has room for, found by trying. */
export const lineLimits = {
  /** Bytes of a line, line end left out. */
  lineBytes: 10239,
  /** Bytes of one word. */
  wordBytes: 1023,
  /** Words of a line; with `-c` and counters 248. */
  words: 251,
  /** A line of fewer UTF-16 units breaks none of these limits: 252 words of one letter take 503, 1024 bytes take 342. */
  suspicious: 330,
} as const;

/** The limit that a line breaks, if any. */
export function lineLimitProblem(
  line: string,
  words: readonly Word[],
): { readonly message: string; readonly note: string; readonly span?: Span } | undefined {
  if (line.length * 3 > lineLimits.lineBytes && byteLength(line) > lineLimits.lineBytes) {
    const message = `the line is longer than the ${lineLimits.lineBytes} bytes that iptables-restore reads at once`;
    return { message, note: "iptables-restore takes the rest for a line of its own" };
  }
  const long = words.find(
    ({ text }) => text.length * 3 > lineLimits.wordBytes && byteLength(text) > lineLimits.wordBytes,
  );
  if (long !== undefined) {
    const message = `the word is longer than ${lineLimits.wordBytes} bytes`;
    return { message, note: "iptables-restore: Parameter too long!", span: long.span };
  }
  const excess = words[lineLimits.words];
  if (excess === undefined) return undefined;
  const message = `the line has more than ${lineLimits.words} words`;
  return { message, note: "iptables-restore: Parser cannot handle more arguments", span: excess.span };
}
