import type { Span } from "../../diagnostics/diagnostic.ts";
import { complain } from "./complaint.ts";

export interface LineWord {
  readonly text: string;
  readonly span: Span;
}

/** Splits a line as `ipset restore` does: at blanks, double quotes hold words together and nothing is escaped. */
export function lineWords(line: string, start: number): readonly LineWord[] {
  const words: LineWord[] = [];
  for (const found of line.matchAll(/"([^"]*)("?)|[^\s"]+/g)) {
    const [whole, quoted, closing] = found;
    const span = { start: start + found.index, end: start + found.index + whole.length };
    if (quoted !== undefined && closing === "") complain("Missing close quote!", span);
    words.push({ text: quoted ?? whole, span });
  }
  return words;
}
