import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { TableName } from "../extensions/extension.ts";
import type { SaveReader } from "../syntax/parse-save.ts";
import type { Node, Word } from "../syntax/tree.ts";
import { didYouMean } from "./did-you-mean.ts";
import { tableNames } from "./hooks.ts";
import { type RestoreOptions, RestoreSection } from "./restore-section.ts";
import type { Ruleset } from "./ruleset.ts";
import { emptyTable } from "./table-draft.ts";

/** Takes a save file line by line, so that no tree of it need be kept, and gives the rule set that it leaves. */
export class Restore implements SaveReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #options: RestoreOptions;
  readonly #only: TableName | undefined;
  #ruleset: Ruleset;
  #section: RestoreSection | undefined;

  /** `only` names the one table to restore. */
  constructor(before: Ruleset, options: Omit<RestoreOptions, "announced">, only?: TableName) {
    this.#ruleset = before;
    this.#options = { ...options, announced: new Set() };
    this.#only = only;
  }

  take(node: Node): void {
    switch (node.kind) {
      case "table":
        this.#commit();
        this.#section = this.#open(node.name);
        break;
      case "chain":
        this.#section?.chain(node);
        break;
      case "rule-line":
        this.#section?.rule(node);
        break;
      case "commit":
        this.#commit();
        break;
      default:
    }
  }

  takeLine(text: string, start: number, end: number): boolean {
    return this.#section?.line(text, start, end) ?? false;
  }

  /** Call behind the last line. */
  finish(): Ruleset {
    this.#commit();
    return this.#ruleset;
  }

  #commit(): void {
    if (!this.#section) return;
    const table = this.#section.commit();
    this.diagnostics.push(...this.#section.diagnostics);
    this.#ruleset = { ...this.#ruleset, tables: new Map(this.#ruleset.tables).set(table.name, table) };
    this.#section = undefined;
  }

  #open(word: Word): RestoreSection | undefined {
    const name = tableNames.find((table) => table === word.text);
    if (!name) {
      const message = `unable to initialize table '${word.text}'`;
      const help = didYouMean(word.text, tableNames) ?? `tables are ${tableNames.join(", ")}`;
      this.diagnostics.push(problem(this.#source, "no-such-table", word.span, message, { help }));
      return undefined;
    }
    if (this.#only !== undefined && this.#only !== name) return undefined;
    return new RestoreSection(this.#ruleset.tables.get(name) ?? emptyTable(name), this.#options);
  }

  get #source(): Source {
    return this.#options.source;
  }
}
