import type { SetNames } from "../arg-types/arg-type.ts";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import { formOf } from "../syntax/parse.ts";
import { readSave } from "../syntax/parse-save.ts";
import { readScript } from "../syntax/parse-script.ts";
import type { Node, Word } from "../syntax/tree.ts";
import { bindCommand } from "./bind.ts";
import type { Command } from "./command.ts";
import { editDraft } from "./edit.ts";
import { QuickRuleReader } from "./quick-rule.ts";
import { Restore } from "./restore.ts";
import { readRestoreOptions } from "./restore-options.ts";
import type { Chain, Ruleset } from "./ruleset.ts";
import { emptyTable, TableDraft } from "./table-draft.ts";

const emptyRuleset = (family: Family): Ruleset => ({ family, tables: new Map() });

export interface Loaded {
  readonly ruleset: Ruleset;
  readonly diagnostics: readonly Diagnostic[];
}

/** Told what the rules are after each command of a script, and where that command stands. */
export type WatchCommand = (ruleset: Ruleset, span: Span) => void;

/** Runs all lines of a dump or script on empty tables, those of one family, and tells what is wrong with each. */
export function loadText(source: Source, family: Family, sets?: SetNames, watch?: WatchCommand): Loaded {
  return formOf(source.text) === "save"
    ? loadSave(source, family, sets)
    : runScript(emptyRuleset(family), source, sets, watch);
}

function loadSave(source: Source, family: Family, sets: SetNames | undefined): Loaded {
  // a dump's counters are kept: whoever prints the rule set says whether they are wanted
  const restore = new Restore(emptyRuleset(family), {
    source,
    family,
    keepCounters: true,
    noFlush: false,
    sets,
  });
  const diagnostics = readSave(source, restore);
  return { ruleset: restore.finish(), diagnostics: [...diagnostics, ...restore.diagnostics] };
}

/** Runs the commands of a script on rules that are there already. */
export function runScript(
  ruleset: Ruleset,
  source: Source,
  sets?: SetNames | undefined,
  watch?: WatchCommand | undefined,
): Loaded {
  const run = new ScriptRun(ruleset, source, sets, watch);
  const diagnostics = readScript(source, (node) => run.take(node));
  return { ruleset: run.finish(), diagnostics: [...diagnostics, ...run.diagnostics] };
}

const emptyFilter = emptyTable("filter");

/** A script of commands as it runs. */
class ScriptRun {
  readonly diagnostics: Diagnostic[] = [];
  #ruleset: Ruleset;
  readonly #source: Source;
  readonly #sets: SetNames | undefined;
  readonly #watch: WatchCommand | undefined;
  readonly #quick: QuickRuleReader;
  /** Tables that commands are at work on, newer than the rule set's. */
  readonly #drafts = new Map<TableName, TableDraft>();

  constructor(ruleset: Ruleset, source: Source, sets: SetNames | undefined, watch: WatchCommand | undefined) {
    this.#sets = sets;
    this.#watch = watch;
    this.#ruleset = ruleset;
    this.#source = source;
    this.#quick = new QuickRuleReader({
      source,
      family: ruleset.family,
      table: "filter",
      chains: { head: (name) => this.#filterChain(name), chains: [] },
      announced: new Set(),
      sets,
      keepCounters: false,
    });
  }

  take(node: Node): void {
    const program = this.#ruleset.family === "ipv4" ? "iptables" : "ip6tables";
    if (node.kind === "command" && node.program === program) this.#command(node.words);
    else if (node.kind === "restore" && node.program === program) this.#restore(node);
  }

  /** Call behind the last node. */
  finish(): Ruleset {
    this.#finishDrafts();
    return this.#ruleset;
  }

  #restore({ words, span, body }: Extract<Node, { kind: "restore" }>): void {
    const { value, diagnostics } = readRestoreOptions(words, this.#source, span);
    this.diagnostics.push(...diagnostics);
    this.#finishDrafts();
    if (!value) return;
    const { only, ...options } = value;
    const common = { source: this.#source, family: this.#ruleset.family, sets: this.#sets };
    const restore = new Restore(this.#ruleset, { ...common, ...options }, only);
    for (const line of body) restore.take(line);
    this.#ruleset = restore.finish();
    this.diagnostics.push(...restore.diagnostics);
    this.#watch?.(this.#ruleset, span);
  }

  #finishDrafts(): void {
    const tables = new Map(this.#ruleset.tables);
    for (const [name, draft] of this.#drafts) tables.set(name, draft.freeze());
    this.#ruleset = { ...this.#ruleset, tables };
    this.#drafts.clear();
  }

  #draftOf(name: TableName): TableDraft {
    let draft = this.#drafts.get(name);
    if (draft === undefined) {
      draft = new TableDraft(this.#ruleset.tables.get(name) ?? emptyTable(name));
      this.#drafts.set(name, draft);
    }
    return draft;
  }

  /** Asking loads no table. */
  #filterChain(name: string): Chain | undefined {
    const draft = this.#drafts.get("filter");
    if (draft) return draft.chain(name);
    return (this.#ruleset.tables.get("filter") ?? emptyFilter).chains.get(name);
  }

  /** `-A` of the filter table, written as iptables-save writes rules: most lines of long scripts. */
  #quickAppend(words: readonly Word[]): Command | undefined {
    if (words[0]?.text !== "-A") return undefined;
    const { start } = words[0].span;
    const { end } = words.at(-1)!.span;
    if (!standAsTheyAre(words, this.#source.text)) return undefined;
    const read = this.#quick.read(start, end);
    return read && { kind: "append", table: "filter", chain: read.chain, rules: [read.rule] };
  }

  #bind(words: readonly Word[]): Command | undefined {
    const { value, diagnostics } = bindCommand(words, {
      source: this.#source,
      family: this.#ruleset.family,
      sets: this.#sets,
    });
    this.diagnostics.push(...diagnostics);
    return value;
  }

  #command(words: readonly Word[]): void {
    const command = this.#quickAppend(words) ?? this.#bind(words);
    if (!command) return;
    const result = editDraft(this.#draftOf(command.table), command, this.#ruleset.family);
    const whole = { start: words[0]?.span.start ?? 0, end: words.at(-1)?.span.end ?? 0 };
    if (result.ok) {
      if (this.#watch) {
        this.#finishDrafts();
        this.#watch(this.#ruleset, whole);
      }
      return;
    }
    const { code, message, span, notes, help } = result.refusal;
    const more = help === undefined ? { notes } : { notes, help };
    this.diagnostics.push(problem(this.#source, code, span ?? whole, message, more));
  }
}

/** Whether a text has just these words with a space between each two: then the shell has nothing to do with them. */
function standAsTheyAre(words: readonly Word[], text: string): boolean {
  let next = words[0]?.span.start;
  for (const word of words) {
    const { start, end } = word.span;
    if (start !== next || end - start !== word.text.length || !text.startsWith(word.text, start))
      return false;
    next = end + 1;
  }
  return true;
}
