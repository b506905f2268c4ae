import type { Source, Span } from "../diagnostics/diagnostic.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import type { Origin } from "./ruleset.ts";

/** Where a rule was written, in three words of memory: a dump of 160,000 rules has one for each. */
export class RuleOrigin implements Origin {
  readonly source: Source;
  readonly #start: number;
  readonly #end: number;

  constructor(source: Source, start: number, end: number) {
    this.source = source;
    this.#start = start;
    this.#end = end;
  }

  get span(): Span {
    return { start: this.#start, end: this.#end };
  }

  get line(): number {
    return lineTableOf(this.source).lineOf(this.#start);
  }
}
