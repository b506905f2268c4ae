import { lineParser, type SaveLine } from "../../grammar/line-parser.ts";
import type { LineToken } from "../../grammar/line-token.ts";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import { clipped } from "../diagnostics/visible-text.ts";
import { readCounters } from "./counters.ts";
import { frameLine } from "./frame-line.ts";
import { lineLimitProblem, lineLimits } from "./limits.ts";
import { lexSaveLine } from "./save-lexer.ts";
import type { CountersNode, Node, Tree } from "./tree.ts";

export interface Parsed {
  readonly tree: Tree;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses a save file: what iptables-save writes and iptables-restore reads. */
export function parseSave(source: Source): Parsed {
  const nodes: Node[] = [];
  const diagnostics = readSave(source, { take: (node) => nodes.push(node) });
  return { tree: { source, form: "save", nodes }, diagnostics };
}

/** What becomes of a save file's lines. */
export interface SaveReader {
  take(node: Node): void;
  /**
   * Is offered each line of a table that starts with `-`, `[` or `:`, line end left out, before a node is made of it; true
   * where that is not needed any more.
   */
  takeLine?(text: string, start: number, end: number): boolean;
}

/** Hands a save file's lines to a reader one by one, and gives what is wrong with them. */
export function readSave(source: Source, reader: SaveReader): readonly Diagnostic[] {
  const parser = new SaveParser(source, reader);
  parser.lines(0, source.text.length);
  parser.finish();
  return parser.diagnostics;
}

const dash = 45;
const colon = 58;
const bracket = 91;

/** Leads from a text that was derived from a source (its variables replaced) back to the source. */
export interface OffsetMap {
  start(offset: number): number;
  end(offset: number): number;
}

const identity: OffsetMap = { start: (offset) => offset, end: (offset) => offset };

/** Reads lines one by one and keeps the one state that a save file has: whether a table is open. */
export class SaveParser {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #reader: SaveReader;
  #map: OffsetMap = identity;
  /** The table line that no COMMIT has closed yet. */
  #open: Span | undefined;
  #carriageReturn = false;

  constructor(source: Source, reader: SaveReader) {
    this.#source = source;
    this.#reader = reader;
  }

  /** Reads the source's lines from `from` to `to`; the last one may lack its line end. */
  lines(from: number, to: number): void {
    const { text } = this.#source;
    for (let start = from; start < to; ) {
      const lineFeed = text.indexOf("\n", start);
      const isLast = lineFeed === -1 || lineFeed >= to;
      const next = isLast ? to : lineFeed + 1;
      let end = isLast ? to : lineFeed;
      if (end > start && text.charCodeAt(end - 1) === 13) end = this.#dropCarriageReturn(end);
      if (!this.#takesLine(text, start, end)) {
        const node = this.#line(text, start, end, { start, end: next });
        this.#reader.take(node);
        if (isLast && end > start && node.kind === "commit") this.#unterminated(start, end);
      }
      start = next;
    }
  }

  /** Reads one line of a derived text as the node for `span` of the source. */
  derivedLine(line: string, span: Span, map: OffsetMap): void {
    this.#map = map;
    this.#reader.take(this.#line(line, 0, line.length, span));
    this.#map = identity;
  }

  /** Call behind the last line. */
  finish(): void {
    if (this.#open === undefined) return;
    this.#report(
      "missing-commit",
      this.#open,
      "the table has no `COMMIT`, so iptables-restore loads nothing of it",
      {
        help: "write `COMMIT` behind the table's last line",
      },
    );
    this.#open = undefined;
  }

  #takesLine(text: string, start: number, end: number): boolean {
    if (this.#open === undefined || !this.#reader.takeLine) return false;
    const first = text.charCodeAt(start);
    return (
      (first === dash || first === bracket || first === colon) && this.#reader.takeLine(text, start, end)
    );
  }

  #line(text: string, start: number, end: number, span: Span): Node {
    let first = start;
    while (first < end && (text.charCodeAt(first) === 32 || text.charCodeAt(first) === 9)) first++;
    const { tokens, openQuote } = lexSaveLine(text, first, commitEnd(text, first, end));
    if (this.#map !== identity) {
      for (const token of tokens) token.move(this.#map.start(token.start), this.#map.end(token.end));
    }

    const line = frameLine(tokens) ?? parseLine(tokens);
    if (line.kind === "error") return this.#badLine(span, tokens, line.at);

    const indented = first > start;
    switch (line.kind) {
      case "blank":
        if (indented && this.#open) {
          this.#report(
            "syntax-error",
            this.#cut(start, end),
            "a line of white space stands for a rule without a command",
            {
              notes: ["iptables-restore: no command specified"],
              help: "empty the line",
            },
          );
        }
        return { kind: "blank", span };
      case "comment":
        if (indented && this.#open) this.#notAtStart(this.#cut(first, end), "a comment");
        return { kind: "comment", span };
      case "commit":
        return this.#commit(span, indented, first, end);
      case "table":
        return this.#table(span, line.name, tokens, indented);
      case "chain": {
        const { name, policy, counters } = line;
        if (this.#open === undefined) return this.#outside(span, tokens);
        if (indented) this.#notAtStart(this.#cut(first, first + 1), "`:`");
        else if (tokens.length > 4) this.#ignored(tokens[4]!);
        return { kind: "chain", span, name, policy, counters: counters && this.#counters(counters, policy) };
      }
      case "rule":
        return this.#rule(span, tokens, line.counters, openQuote, text, start, end);
    }
  }

  #commit(span: Span, indented: boolean, first: number, end: number): Node {
    if (this.#open === undefined) {
      this.#report("syntax-error", this.#cut(first, end), "`COMMIT` without a table");
      return { kind: "error", span };
    }
    this.#open = undefined;
    if (indented || end - first !== "COMMIT".length) {
      this.#report(
        "syntax-error",
        this.#cut(first, end),
        "`COMMIT` must stand alone on its line, without white space",
        {
          notes: ["iptables-restore: Bad argument `COMMIT'"],
        },
      );
    }
    return { kind: "commit", span };
  }

  #table(span: Span, name: LineToken, tokens: readonly LineToken[], indented: boolean): Node {
    const mark = { start: tokens[0]!.start, end: name.end };
    if (this.#open !== undefined) {
      this.#report(
        "missing-commit",
        mark,
        `\`*${clipped(name.text)}\` starts before the table above has its \`COMMIT\``,
        {
          notes: [`iptables-restore: Bad argument \`*${clipped(name.text)}'`],
          help: "write `COMMIT` before it",
        },
      );
    } else if (indented) this.#notAtStart({ start: mark.start, end: mark.start + 1 }, "`*`");
    else if (tokens.length > 2) this.#ignored(tokens[2]!);
    this.#open = mark;
    return { kind: "table", span, name };
  }

  #rule(
    span: Span,
    tokens: LineToken[],
    counters: LineToken | undefined,
    openQuote: number,
    text: string,
    start: number,
    end: number,
  ): Node {
    if (this.#open === undefined) return this.#outside(span, tokens);
    const words = counters === undefined ? tokens : tokens.slice(1);
    if (openQuote !== -1) {
      const at = this.#map.start(openQuote);
      this.#report("syntax-error", { start: at, end: at + 1 }, "the quote is not closed", {
        help: 'close it with `"`; inside quotes `\\"` stands for a quote',
      });
      return { kind: "error", span };
    }
    const limit =
      end - start > lineLimits.suspicious ? lineLimitProblem(text.slice(start, end), words) : undefined;
    if (limit !== undefined) {
      this.#report("syntax-error", limit.span ?? this.#cut(start, end), limit.message, {
        notes: [limit.note],
      });
      return { kind: "error", span };
    }
    if (counters === undefined) return { kind: "rule-line", span, counters, words };
    // iptables-restore takes indented counters for a word
    if (text[start] !== "[") {
      this.#notAtStart({ start: counters.start, end: counters.start + 1 }, "`[`");
      return { kind: "rule-line", span, counters: undefined, words };
    }
    return { kind: "rule-line", span, counters: this.#counters(counters, undefined), words };
  }

  #counters(token: LineToken, policy: LineToken | undefined): CountersNode | undefined {
    // iptables-restore reads no counters of a user-defined chain
    if (policy?.text === "-" && !token.text.startsWith("[")) {
      this.#ignored(token);
      return undefined;
    }
    const counters = readCounters(token.text, token.start);
    if (counters !== undefined) return { ...counters, span: token.span };
    this.#report(
      "bad-value",
      token.span,
      `\`${clipped(token.text)}\` is no pair of counters \`[packets:bytes]\``,
      {
        severity: "warning",
        notes: ["iptables-restore passes over them, iptables-restore -c refuses the line"],
      },
    );
    return undefined;
  }

  /** The line's own diagnostic, from the token at which the grammar gave up; a NaN offset is the end of the line. */
  #badLine(span: Span, tokens: readonly LineToken[], offset: number): Node {
    const found = tokens.find((token) => token.start === offset);
    const last = tokens.at(-1)!;
    const first = tokens[0]!;
    const text = this.#source.text.slice(first.start, last.end);
    if (this.#open === undefined && first.tokenType.name !== "TableMark") return this.#outside(span, tokens);
    if (first.text === "" && first.tokenType.name === "TableMark") {
      this.#report("syntax-error", { start: first.start, end: last.end }, "a table's name is missing", {
        notes: ["iptables-restore: table name invalid"],
      });
    } else if (first.tokenType.name === "ChainMark") {
      const missing = tokens.length === 1 ? "name" : "policy";
      this.#report(
        "syntax-error",
        { start: first.start, end: last.end },
        `the chain's ${missing} is missing`,
        {
          notes: [`iptables-restore: ${missing === "name" ? "chain name" : "policy"} invalid`],
          help: "write `:CHAIN POLICY [packets:bytes]`, with `-` as the policy of a user-defined chain",
        },
      );
    } else if (text.startsWith("[") && first.tokenType.name !== "Counters") {
      this.#report("syntax-error", first.span, "counters are written `[packets:bytes]`", {
        notes: ["iptables-restore: need ]"],
      });
    } else if (found === undefined) {
      this.#report("syntax-error", last.span, "a command such as `-A` is missing", {
        notes: ["iptables-restore: no command specified"],
      });
    } else {
      this.#report(
        "syntax-error",
        found.span,
        `\`${clipped(found.text)}\` stands where a command such as \`-A\` is expected`,
        {
          notes: [`iptables-restore: Bad argument \`${clipped(found.text)}'`],
          ...(/^commit$/i.test(found.text) ? { help: "did you mean `COMMIT`?" } : {}),
          ...(/(^|\/)ip6?tables$/.test(found.text)
            ? { help: "leave the program's name out inside a table" }
            : {}),
        },
      );
    }
    return { kind: "error", span };
  }

  #outside(span: Span, tokens: readonly LineToken[]): Node {
    const place = { start: tokens[0]!.start, end: tokens.at(-1)!.end };
    this.#report("syntax-error", place, "the line stands outside of a table", {
      help: "write a line such as `*filter` before it",
    });
    return { kind: "error", span };
  }

  #notAtStart(place: Span, what: string): void {
    this.#report("syntax-error", place, `${what} must stand at the start of its line`, {
      help: "take the white space before it away",
    });
  }

  #ignored(token: LineToken): void {
    this.#report("unexpected-value", token.span, `iptables-restore passes over \`${clipped(token.text)}\``, {
      severity: "warning",
    });
  }

  #unterminated(start: number, end: number): void {
    this.#report("line-ending", this.#cut(start, end), "the last line lacks its line end", {
      severity: "warning",
      notes: ["iptables-restore 1.8.9 then refuses the file: Bad argument `COMMIT'"],
    });
  }

  #dropCarriageReturn(end: number): number {
    if (!this.#carriageReturn) {
      this.#carriageReturn = true;
      this.#report("line-ending", this.#cut(end - 1, end), "lines end in CR LF", {
        severity: "warning",
        notes: ["iptables-restore takes the CR for a part of the line's last word and refuses the file"],
      });
    }
    return end - 1;
  }

  #cut(start: number, end: number): Span {
    return { start: this.#map.start(start), end: this.#map.end(end) };
  }

  #report(...args: DropFirst<Parameters<typeof problem>>): void {
    this.diagnostics.push(problem(this.#source, ...args));
  }
}

type DropFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never;

/** What the grammar makes of a line; where it gives up, the offset of the token at which it does. */
export function parseLine(tokens: LineToken[]): SaveLine | { readonly kind: "error"; readonly at: number } {
  const parser = lineParser();
  parser.input = tokens;
  const line = parser.saveLine();
  const error = parser.errors[0];
  return error === undefined ? line : { kind: "error", at: error.token.startOffset };
}

/** `COMMIT` with white space behind it is still seen as one, so that one slip does not spoil the tables that follow. */
function commitEnd(text: string, first: number, end: number): number {
  if (!text.startsWith("COMMIT", first)) return end;
  let last = end;
  while (last > first && (text.charCodeAt(last - 1) === 32 || text.charCodeAt(last - 1) === 9)) last--;
  return last - first === "COMMIT".length ? last : end;
}
