import type { Source, Span } from "../diagnostics/diagnostic.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";

/** A note in the text that silences rules: `# netverdict ignore=NV101,NV305 # why`, or within `--comment` text. */
export interface Pragma {
  readonly source: Source;
  readonly span: Span;
  readonly ids: readonly string[];
  /** 1-based line whose findings it silences; `undefined`: the whole file (`ignore-file=`). */
  readonly line: number | undefined;
  /** What stands behind a second `#`. */
  readonly reason: string | undefined;
}

const hashPragma =
  /(?<=^|\s)#\s*netverdict\s+(ignore|ignore-file)=([A-Za-z0-9,]+)(?:[ \t]*#[ \t]*([^\r\n]*))?/gm;
const commentPragma = /\bnetverdict:ignore=([A-Za-z0-9]+(?:,[A-Za-z0-9]+)*)/g;

/**
 * Finds all pragmas of a text. A comment line of its own speaks of the next line that is no comment; a comment behind a
 * command and the text of `--comment` speak of the command they stand in, by the line on which they stand.
 */
export function readPragmas(source: Source): readonly Pragma[] {
  const { text } = source;
  if (!text.includes("netverdict")) return [];
  const lines = lineTableOf(source);
  const found: Pragma[] = [];
  const idsOf = (list: string): string[] =>
    list
      .toUpperCase()
      .split(",")
      .filter((id) => id !== "");
  for (const match of text.matchAll(hashPragma)) {
    const [whole, kind, list = "", reason] = match;
    const line = lines.lineOf(match.index);
    const own = text.slice(lines.line(line).start, match.index).trim() === "";
    found.push({
      source,
      span: { start: match.index, end: match.index + whole.trimEnd().length },
      ids: idsOf(list),
      line: kind === "ignore-file" ? undefined : own ? nextCommandLine(source, line) : line,
      reason: reason?.trim() || undefined,
    });
  }
  for (const match of text.matchAll(commentPragma)) {
    const span = { start: match.index, end: match.index + match[0].length };
    const ids = idsOf(match[1] ?? "");
    found.push({ source, span, ids, line: lines.lineOf(match.index), reason: undefined });
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

function nextCommandLine(source: Source, line: number): number {
  const lines = lineTableOf(source);
  let next = line + 1;
  while (next <= lines.lineCount) {
    const { start, end } = lines.line(next);
    const text = source.text.slice(start, end).trim();
    if (text !== "" && !text.startsWith("#")) return next;
    next++;
  }
  return line;
}
