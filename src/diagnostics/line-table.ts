/** Turns offsets of a text into lines and columns. A line ends behind its `\n`. */
export class LineTable {
  readonly text: string;
  /** Where each line starts. */
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** 1-based line of an offset. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** 1-based line, and column in UTF-16 units from 1. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const line = this.lineOf(offset);
    return { line, column: offset - this.#starts[line - 1]! + 1 };
  }

  /** Where a line starts and where its text ends, line end left out. */
  line(line: number): { readonly start: number; readonly end: number } {
    const start = this.#starts[line - 1] ?? this.text.length;
    let end = (this.#starts[line] ?? this.text.length + 1) - 1;
    if (end > start && this.text.charCodeAt(end - 1) === 13) end--;
    return { start, end: Math.max(start, end) };
  }
}

const tables = new WeakMap<object, LineTable>();

/** The table of a source, made once. */
export function lineTableOf(source: { readonly text: string }): LineTable {
  let table = tables.get(source);
  if (table === undefined) {
    table = new LineTable(source.text);
    tables.set(source, table);
  }
  return table;
}
