import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { Word } from "./tree.ts";

/**
 * The words of one packet description or rule, quoted as a shell would have it: `"…"` with backslash escapes, `'…'`
 * and `\` outside of both. Nothing else of the shell counts: `$`, `#`, `*` and `;` stand for themselves.
 */
export function wordsOf(source: Source): {
  readonly words: readonly Word[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const { text } = source;
  const words: Word[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const word = readWord(text, at);
    if (word.unclosed !== undefined) {
      const span = { start: word.unclosed, end: word.unclosed + 1 };
      const found = problem(source, "syntax-error", span, `\`${text[word.unclosed]}\` is not closed`);
      return { words, diagnostics: [found] };
    }
    words.push({ text: word.text, span: { start: at, end: word.end }, quoted: word.quoted });
    at = word.end;
  }
  return { words, diagnostics: [] };
}

/** The texts of `wordsOf`; an unclosed quote ends the list. */
export function splitShellWords(text: string): readonly string[] {
  return wordsOf({ name: "", text }).words.map((word) => word.text);
}

function readWord(
  text: string,
  start: number,
): { text: string; end: number; quoted: boolean; unclosed?: number } {
  let word = "";
  let quoted = false;
  let at = start;
  while (at < text.length && !/\s/.test(text[at]!)) {
    const char = text[at]!;
    if (char === "\\") {
      quoted = true;
      word += text[at + 1] ?? "";
      at += 2;
      continue;
    }
    if (char !== '"' && char !== "'") {
      word += char;
      at++;
      continue;
    }
    quoted = true;
    const open = at++;
    while (at < text.length && text[at] !== char) {
      if (char === '"' && text[at] === "\\" && /["\\$`]/.test(text[at + 1] ?? "")) at++;
      word += text[at++];
    }
    if (at >= text.length) return { text: word, end: at, quoted, unclosed: open };
    at++;
  }
  return { text: word, end: Math.min(at, text.length), quoted };
}
