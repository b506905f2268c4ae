import { byteLength } from "../diagnostics/byte-length.ts";
import { type ArgType, ok } from "./arg-type.ts";

/** xtables_save_string: bare where only letters, digits, `-` and `_` stand in it, else quoted with `"`, `\` and `'` escaped. */
export function quote(text: string): string {
  const needs = quotingOf(text);
  if (needs === "none") return text;
  return `"${needs === "escapes" ? text.replace(/["\\']/g, "\\$&") : text}"`;
}

/** What a text needs to be one word. */
function quotingOf(text: string): "none" | "quotes" | "escapes" {
  let bare = text !== "";
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x27 || code === 0x5c) return "escapes";
    bare &&= isBare(code);
  }
  return bare ? "none" : "quotes";
}

function isQuoted(value: string, text: string, start: number, end: number): boolean {
  const needs = quotingOf(value);
  if (needs === "escapes") return text.slice(start, end) === quote(value);
  const marks = needs === "none" ? 0 : 1;
  return (
    end - start === value.length + 2 * marks &&
    text.startsWith(value, start + marks) &&
    (marks === 0 || (text[start] === '"' && text[end - 1] === '"'))
  );
}

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
  printsAs: isQuoted,
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
