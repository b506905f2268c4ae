import type { LineToken } from "../../grammar/line-token.ts";

/** `<<WORD` with the lines that it reads. */
export interface HereDocument {
  readonly operator: LineToken;
  /** As written: where any part is quoted, the body is taken literally. */
  readonly delimiter: LineToken;
  /** `<<-`: leading tabs do not count. */
  readonly stripTabs: boolean;
  /** The body without the line of the delimiter. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** False where the text ends before the delimiter. */
  readonly closed: boolean;
}

/** Reads the bodies, one behind the other, that start at `at`, the start of a line. */
export function readHereDocuments(
  text: string,
  at: number,
  pending: readonly HereDocument[],
): { readonly documents: readonly HereDocument[]; readonly end: number } {
  let end = at;
  const documents = pending.map((document) => {
    const bodyStart = end;
    const delimiter = unquoted(document.delimiter.text);
    while (end < text.length) {
      const lineFeed = text.indexOf("\n", end);
      const next = lineFeed === -1 ? text.length : lineFeed + 1;
      let line = text.slice(end, lineFeed === -1 ? next : lineFeed);
      if (line.endsWith("\r")) line = line.slice(0, -1);
      if (document.stripTabs) line = line.replace(/^\t+/, "");
      const bodyEnd = end;
      end = next;
      if (line === delimiter) return { ...document, bodyStart, bodyEnd, closed: true };
    }
    return { ...document, bodyStart, bodyEnd: end, closed: false };
  });
  return { documents, end };
}

/** The delimiter after quote removal. */
const unquoted = (word: string): string => word.replace(/\\(.)|['"]/g, "$1");

/** True where variables in the body are replaced. */
export const isExpanded = (document: HereDocument): boolean => !/['"\\]/.test(document.delimiter.text);
