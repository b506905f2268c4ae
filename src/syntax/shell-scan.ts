/** Finding where a piece of shell text ends: quotes, substitutions and words (POSIX.1-2017, Shell Command Language 2.2, 2.3). */

/** A quote or bracket that the text does not close. Thrown inside the lexer only, caught by `nextStatement` and `lexWords`. */
export class Unclosed extends Error {
  readonly offset: number;
  readonly opener: string;

  constructor(offset: number, opener: string) {
    super(`${opener} is not closed`);
    this.offset = offset;
    this.opener = opener;
  }
}

const metacharacters = new Set(" \t\n\r;&|<>()");
/** By code: 1 for the characters of ASCII that stand for themselves wherever they stand in a word. */
const plain = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w.,:/@%+=!-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** The offset behind the characters from `at` on that stand for themselves. */
export function plainEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && plain[text.charCodeAt(end)] === 1) end++;
  return end;
}

/** The offset behind the word that starts at `at`. */
export function wordEnd(text: string, at: number): number {
  let end = plainEnd(text, at);
  while (end < text.length) {
    const char = text[end]!;
    if (char === "\r" && text[end + 1] !== "\n") end++;
    else if (metacharacters.has(char)) break;
    else end = pieceEnd(text, end);
  }
  return end;
}

/** The offset behind a quoted stretch, a substitution or one plain character. */
export function pieceEnd(text: string, at: number): number {
  switch (text[at]) {
    case "\\":
      return Math.min(at + 2, text.length);
    case "'": {
      const close = text.indexOf("'", at + 1);
      if (close === -1) throw new Unclosed(at, "'");
      return close + 1;
    }
    case '"':
      return doubleQuoteEnd(text, at);
    case "`":
      return backtickEnd(text, at);
    case "$":
      if (text[at + 1] === "(") return parenthesisEnd(text, at + 1);
      if (text[at + 1] === "{") return braceEnd(text, at + 1);
      return at + 1;
    default:
      return at + 1;
  }
}

function doubleQuoteEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; ) {
    if (text[at] === '"') return at + 1;
    at = text[at] === "'" ? at + 1 : pieceEnd(text, at);
  }
  throw new Unclosed(open, '"');
}

function backtickEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += text[at] === "\\" ? 2 : 1) {
    if (text[at] === "`") return at + 1;
  }
  throw new Unclosed(open, "`");
}

/** Behind the `)` for the `(` at `open`, for `$(…)`, `$((…))` and array values. */
export function parenthesisEnd(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; ) {
    const char = text[at];
    if (char === "(") depth++;
    else if (char === ")" && --depth === 0) return at + 1;
    at = char === "(" || char === ")" ? at + 1 : pieceEnd(text, at);
  }
  throw new Unclosed(open, "(");
}

function braceEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; ) {
    if (text[at] === "}") return at + 1;
    at = pieceEnd(text, at);
  }
  throw new Unclosed(open - 1, "${");
}
