import type { SetNames } from "../arg-types/arg-type.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import type { Node, Tree, Word } from "../syntax/tree.ts";
import { bindCommand } from "./bind.ts";
import { didYouMean } from "./did-you-mean.ts";
import { editDraft } from "./edit.ts";
import { tableNames } from "./hooks.ts";
import { readRestoreOptions } from "./restore-options.ts";
import { type RestoreOptions, RestoreSection } from "./restore-section.ts";
import type { Ruleset } from "./ruleset.ts";
import { emptyTable, TableDraft } from "./table-draft.ts";

const emptyRuleset = (family: Family): Ruleset => ({ family, tables: new Map() });

/** Runs all lines of a tree on empty tables, those of one family, and tells what is wrong with each. */
export function loadTree(
  { source, form, nodes }: Tree,
  family: Family,
  sets?: SetNames,
): { readonly ruleset: Ruleset; readonly diagnostics: readonly Diagnostic[] } {
  const loader = new Loader(emptyRuleset(family), source, sets);
  // a dump's counters are kept: whoever prints the rule set says whether they are wanted
  if (form === "save") loader.restore(nodes, { source, family, keepCounters: true, noFlush: false, sets });
  else loader.script(nodes);
  return loader;
}

class Loader {
  ruleset: Ruleset;
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Tree["source"];
  readonly #sets: SetNames | undefined;
  /** Tables that commands are at work on, newer than the rule set's. */
  readonly #drafts = new Map<TableName, TableDraft>();

  constructor(ruleset: Ruleset, source: Tree["source"], sets: SetNames | undefined) {
    this.#sets = sets;
    this.ruleset = ruleset;
    this.#source = source;
  }

  script(nodes: readonly Node[]): void {
    const { family } = this.ruleset;
    const program = family === "ipv4" ? "iptables" : "ip6tables";
    for (const node of nodes) {
      if (node.kind === "command" && node.program === program) this.#command(node.words);
      if (node.kind === "restore" && node.program === program) {
        const { value, diagnostics } = readRestoreOptions(node.words, this.#source, node.span);
        this.diagnostics.push(...diagnostics);
        this.#finishDrafts();
        if (value)
          this.restore(node.body, { source: this.#source, family, sets: this.#sets, ...value }, value.only);
      }
    }
    this.#finishDrafts();
  }

  #finishDrafts(): void {
    const tables = new Map(this.ruleset.tables);
    for (const [name, draft] of this.#drafts) tables.set(name, draft.freeze());
    this.ruleset = { ...this.ruleset, tables };
    this.#drafts.clear();
  }

  #draftOf(name: TableName): TableDraft {
    let draft = this.#drafts.get(name);
    if (draft === undefined) {
      draft = new TableDraft(this.ruleset.tables.get(name) ?? emptyTable(name));
      this.#drafts.set(name, draft);
    }
    return draft;
  }

  #command(words: readonly Word[]): void {
    const { value: command, diagnostics } = bindCommand(words, {
      source: this.#source,
      family: this.ruleset.family,
      sets: this.#sets,
    });
    this.diagnostics.push(...diagnostics);
    if (!command) return;
    const result = editDraft(this.#draftOf(command.table), command, this.ruleset.family);
    if (result.ok) return;
    const { code, message, span, notes, help } = result.refusal;
    const whole = { start: words[0]?.span.start ?? 0, end: words.at(-1)?.span.end ?? 0 };
    const more = help === undefined ? { notes } : { notes, help };
    this.diagnostics.push(problem(this.#source, code, span ?? whole, message, more));
  }

  /** Lines of a save file; `only` names the one table to restore. */
  restore(nodes: readonly Node[], words: Omit<RestoreOptions, "announced">, only?: TableName): void {
    const options: RestoreOptions = { ...words, announced: new Set() };
    let section: RestoreSection | undefined;
    const commit = (): void => {
      if (!section) return;
      const table = section.commit();
      this.diagnostics.push(...section.diagnostics);
      this.ruleset = { ...this.ruleset, tables: new Map(this.ruleset.tables).set(table.name, table) };
      section = undefined;
    };
    for (const node of nodes) {
      switch (node.kind) {
        case "table":
          commit();
          section = this.#openSection(node.name, options, only);
          break;
        case "chain":
          section?.chain(node);
          break;
        case "rule-line":
          section?.rule(node);
          break;
        case "commit":
          commit();
          break;
        default:
      }
    }
    commit();
  }

  #openSection(word: Word, options: RestoreOptions, only: TableName | undefined): RestoreSection | undefined {
    const name = tableNames.find((table) => table === word.text);
    if (!name) {
      const message = `unable to initialize table '${word.text}'`;
      const help = didYouMean(word.text, tableNames) ?? `tables are ${tableNames.join(", ")}`;
      this.diagnostics.push(problem(this.#source, "no-such-table", word.span, message, { help }));
      return undefined;
    }
    if (only !== undefined && only !== name) return undefined;
    return new RestoreSection(this.ruleset.tables.get(name) ?? emptyTable(name), options);
  }
}
