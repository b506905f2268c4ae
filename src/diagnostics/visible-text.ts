/** Control characters, the ones that turn the direction of text, and lone surrogates, written as escapes. */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, escaped);
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  return short[char] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

/** A piece of user text for a message: at most 60 characters of it. */
export const clipped = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 59)}…`);
