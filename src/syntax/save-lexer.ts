import { LineToken } from "../../grammar/line-token.ts";
import * as token from "../../grammar/tokens.ts";

/** What is odd about the words of a line although tokens could be made of it. */
export interface SaveLexing {
  readonly tokens: LineToken[];
  /** Where a quote opens that the line does not close; -1 for none. */
  readonly openQuote: number;
}

const tab = 9;
const space = 32;
const bang = 33;
const quote = 34;
const hash = 35;
const star = 42;
const dash = 45;
const colon = 58;
const bracket = 91;
const backslash = 92;

const isBlank = (code: number): boolean => code === space || code === tab;

/**
 * Cuts a line of a save file into tokens, as iptables-restore 1.8.9 does. `start` to `end` is the line without its line end.
 * A comment, `*`, `:` and counters count only at the very start of a line; the caller passes over leading white space.
 */
export function lexSaveLine(text: string, start: number, end: number): SaveLexing {
  const first = text.charCodeAt(start);
  if (start >= end) return { tokens: [], openQuote: -1 };
  if (first === hash) {
    return { tokens: [new LineToken(token.Comment, text.slice(start, end), start, end)], openQuote: -1 };
  }
  if (first === star || first === colon) {
    const tokens = [new LineToken(first === star ? token.TableMark : token.ChainMark, "", start, start + 1)];
    lexNames(text, start + 1, end, first === colon, tokens);
    return { tokens, openQuote: -1 };
  }
  if (end - start === 6 && text.startsWith("COMMIT", start)) {
    return { tokens: [new LineToken(token.Commit, "COMMIT", start, end)], openQuote: -1 };
  }
  const tokens: LineToken[] = [];
  let at = start;
  if (first === bracket) {
    const close = closingBracket(text, start, end);
    if (close !== -1) {
      at = close + 1;
      tokens.push(new LineToken(token.Counters, text.slice(start, at), start, at));
    }
  }
  return { tokens, openQuote: lexWords(text, at, end, tokens) };
}

/** The `]` of `[packets:bytes]`, which iptables-restore looks for behind the first colon; -1 where there is none. */
export function closingBracket(text: string, start: number, end: number): number {
  const separator = text.indexOf(":", start + 2);
  if (separator === -1 || separator >= end) return -1;
  const close = text.indexOf("]", separator);
  return close === -1 || close >= end ? -1 : close;
}

/** Words of table and chain lines: cut at white space, quotes mean nothing. */
function lexNames(text: string, start: number, end: number, chain: boolean, tokens: LineToken[]): void {
  for (let at = start; at < end; ) {
    if (isBlank(text.charCodeAt(at))) {
      at++;
      continue;
    }
    let stop = at + 1;
    while (stop < end && !isBlank(text.charCodeAt(stop))) stop++;
    const isCounters = chain && tokens.length === 3;
    tokens.push(new LineToken(isCounters ? token.Counters : token.Name, text.slice(at, stop), at, stop));
    at = stop;
  }
}

/**
 * Words of a rule line. Double quotes only, in which a backslash keeps the next character; a closing quote ends the word.
 * Returns where an unclosed quote opens, or -1.
 */
function lexWords(text: string, start: number, end: number, tokens: LineToken[]): number {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === space || code === tab) {
      at++;
      continue;
    }
    let stop = at;
    let inside = code;
    while (inside !== space && inside !== tab && inside !== quote) {
      if (++stop === end) break;
      inside = text.charCodeAt(stop);
    }
    if (stop < end && inside === quote) {
      const closed = lexQuoted(text, at, stop, end, tokens);
      if (closed === -1) return stop;
      at = closed;
      continue;
    }
    const type = code === dash ? token.Flag : code === bang && stop === at + 1 ? token.Bang : token.Text;
    tokens.push(new LineToken(type, text.slice(at, stop), at, stop));
    at = stop;
  }
  return -1;
}

/** A word from `start` whose quote opens at `open`: returns the offset behind its closing quote, or -1. */
function lexQuoted(text: string, start: number, open: number, end: number, tokens: LineToken[]): number {
  let word = text.slice(start, open);
  let from = open + 1;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      word += text.slice(from, at);
      tokens.push(new LineToken(typeOf(word), word, start, at + 1, true));
      return at + 1;
    }
    if (code === backslash) {
      word += text.slice(from, at);
      from = ++at;
    }
  }
  // iptables-restore ends the word with the line, line end included
  word += `${text.slice(from, end)}\n`;
  tokens.push(new LineToken(typeOf(word), word, start, end, true));
  return -1;
}

/** Flag, `!` or other word. */
export function typeOf(word: string): typeof token.Flag {
  if (word.charCodeAt(0) === dash) return token.Flag;
  return word === "!" ? token.Bang : token.Text;
}
