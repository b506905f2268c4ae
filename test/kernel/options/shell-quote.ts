/** A word as a shell, and test/extensions/try-rule.ts, read it back. */
export function shellQuote(word: string): string {
  if (/^[\w.,:/=+@%^!-]+$/.test(word)) return word;
  return word.includes("'") ? `"${word.replace(/["\\$`]/g, "\\$&")}"` : `'${word}'`;
}
