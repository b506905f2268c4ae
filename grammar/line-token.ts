import type { IToken, TokenType } from "chevrotain";
import { lineTokens } from "./tokens.ts";

const typesByIndex = new Map(lineTokens.map((type) => [type.tokenTypeIdx, type]));

/**
 * A token that is a word of the syntax tree at the same time, so that a dump of 200,000 lines costs one object a word.
 * Everything that only an error message needs is computed on demand.
 */
export class LineToken implements IToken {
  readonly tokenTypeIdx: number;
  /** The word without quotes and escapes. */
  readonly text: string;
  /** Offsets in the source, quotes included, `end` exclusive. */
  start: number;
  end: number;
  readonly quoted: boolean;

  constructor(type: TokenType, text: string, start: number, end: number, quoted = false) {
    this.tokenTypeIdx = type.tokenTypeIdx!;
    this.text = text;
    this.start = start;
    this.end = end;
    this.quoted = quoted;
  }

  /** For words whose text was derived from the source: says where they stand there. */
  move(start: number, end: number): void {
    this.start = start;
    this.end = end;
  }

  get span(): { readonly start: number; readonly end: number } {
    return { start: this.start, end: this.end };
  }

  get image(): string {
    return this.text;
  }

  get startOffset(): number {
    return this.start;
  }

  get endOffset(): number {
    return this.end - 1;
  }

  get tokenType(): TokenType {
    return typesByIndex.get(this.tokenTypeIdx)!;
  }
}
