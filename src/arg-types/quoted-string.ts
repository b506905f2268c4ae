import { byteLength } from "../diagnostics/byte-length.ts";
import { type ArgType, ok } from "./arg-type.ts";

/** xtables_save_string: bare where only letters, digits, `-` and `_` stand in it, else quoted with `"`, `\` and `'` escaped. */
export const quote = (text: string): string =>
  /^[\w-]+$/.test(text) ? text : `"${text.replace(/["\\']/g, "\\$&")}"`;

/** The same told from a text, for up to `maxBytes` characters of ASCII without escapes: where it ends, else -1. */
function quotedEnd(text: string, start: number, end: number, maxBytes: number): number {
  const isQuoted = text.charCodeAt(start) === 0x22;
  const from = isQuoted ? start + 1 : start;
  let bare = from;
  while (bare < end && isBare(text.charCodeAt(bare))) bare++;
  let stop = bare;
  while (isQuoted && stop < end && isPlain(text.charCodeAt(stop))) stop++;
  if (stop - from > maxBytes) return -1;
  if (!isQuoted) return stop > from ? stop : -1;
  const isClosed = stop < end && text.charCodeAt(stop) === 0x22;
  return isClosed && (stop > bare || stop === from) ? stop + 1 : -1;
}

/** Printable ASCII that stands for itself in quotes. */
const isPlain = (code: number): boolean =>
  code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x27 && code !== 0x5c;

const isBare = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x2d ||
  code === 0x5f;

/** Text of up to `maxBytes` bytes of UTF-8; iptables cuts off the rest without a word. */
export const quotedString = (placeholder: string, maxBytes: number): ArgType<string> => ({
  placeholder,
  words: 1,
  parse([text = ""]) {
    if (byteLength(text) <= maxBytes) return ok(text);
    let bytes = 0;
    let end = 0;
    for (const character of text) {
      bytes += byteLength(character);
      if (bytes > maxBytes) break;
      end += character.length;
    }
    return ok(text.slice(0, end));
  },
  print: quote,
  savedEnd: (text, start, end) => quotedEnd(text, start, end, maxBytes),
  samples: ["ssh", "two words", 'say "hi"', "it's \\ so", "", "é"],
});

/** The same, but in quotes whatever it holds, as libxt_cgroup and libxt_bpf print it: nothing in it is escaped. */
export const quotedAlways = (placeholder: string, maxBytes: number): ArgType<string> => ({
  placeholder,
  words: 1,
  parse: quotedString(placeholder, maxBytes).parse,
  print: (text) => `"${text}"`,
  samples: ["ssh", "two words", "/a.slice/b", ""],
});
