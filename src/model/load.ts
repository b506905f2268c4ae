import type { SetNames } from "../arg-types/arg-type.ts";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import { formOf } from "../syntax/parse.ts";
import { readSave } from "../syntax/parse-save.ts";
import { parseScript } from "../syntax/parse-script.ts";
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
  const { tree, diagnostics } = parseScript(source);
  const run = new ScriptRun(ruleset, source, sets, watch);
  run.script(tree.nodes);
  return { ruleset: run.ruleset, diagnostics: [...diagnostics, ...run.diagnostics] };
}

const emptyFilter = emptyTable("filter");

/** A script of commands as it runs. */
class ScriptRun {
  ruleset: Ruleset;
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #sets: SetNames | undefined;
  readonly #watch: WatchCommand | undefined;
  readonly #quick: QuickRuleReader;
  /** Tables that commands are at work on, newer than the rule set's. */
  readonly #drafts = new Map<TableName, TableDraft>();

  constructor(ruleset: Ruleset, source: Source, sets: SetNames | undefined, watch: WatchCommand | undefined) {
    this.#sets = sets;
    this.#watch = watch;
    this.ruleset = ruleset;
    this.#source = source;
    this.#quick = new QuickRuleReader({
      source,
      family: ruleset.family,
      table: "filter",
      chains: { chain: (name) => this.#filterChain(name), chains: [] },
      announced: new Set(),
      sets,
      keepCounters: false,
    });
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
        if (value) {
          const { only, ...options } = value;
          const common = { source: this.#source, family, sets: this.#sets };
          const restore = new Restore(this.ruleset, { ...common, ...options }, only);
          for (const line of node.body) restore.take(line);
          this.ruleset = restore.finish();
          this.diagnostics.push(...restore.diagnostics);
          this.#watch?.(this.ruleset, node.span);
        }
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

  /** Asking loads no table. */
  #filterChain(name: string): Chain | undefined {
    const draft = this.#drafts.get("filter");
    if (draft) return draft.chain(name);
    return (this.ruleset.tables.get("filter") ?? emptyFilter).chains.get(name);
  }

  /** `-A` of the filter table, written as iptables-save writes rules: most lines of long scripts. */
  #quickAppend(words: readonly Word[]): Command | undefined {
    if (words[0]?.text !== "-A") return undefined;
    const { start } = words[0].span;
    const { end } = words.at(-1)!.span;
    const { text } = this.#source;
    // the shell has nothing to do with it where the words stand there as they are
    if (text.slice(start, end) !== words.map((word) => word.text).join(" ")) return undefined;
    const read = this.#quick.read(start, end);
    return read && { kind: "append", table: "filter", chain: read.chain, rules: [read.rule] };
  }

  #bind(words: readonly Word[]): Command | undefined {
    const { value, diagnostics } = bindCommand(words, {
      source: this.#source,
      family: this.ruleset.family,
      sets: this.#sets,
    });
    this.diagnostics.push(...diagnostics);
    return value;
  }

  #command(words: readonly Word[]): void {
    const command = this.#quickAppend(words) ?? this.#bind(words);
    if (!command) return;
    const result = editDraft(this.#draftOf(command.table), command, this.ruleset.family);
    const whole = { start: words[0]?.span.start ?? 0, end: words.at(-1)?.span.end ?? 0 };
    if (result.ok) {
      if (this.#watch) {
        this.#finishDrafts();
        this.#watch(this.ruleset, whole);
      }
      return;
    }
    const { code, message, span, notes, help } = result.refusal;
    const more = help === undefined ? { notes } : { notes, help };
    this.diagnostics.push(problem(this.#source, code, span ?? whole, message, more));
  }
}
