import type { TableName } from "../extensions/extension.ts";
import { changedNames } from "../model/chain-map.ts";
import { type Backend, builtinChains } from "../model/hooks.ts";
import type { Chain, Rule, Ruleset, Table } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import { type CompiledRule, RuleCompiler, type RuleWorld } from "./compile-rule.ts";
import { CompiledChain } from "./compiled-chain.ts";
import { leastIndexed } from "./index/chain-index.ts";

export interface CompileOptions {
  readonly backend?: Backend;
  /** Rules that a chain has at least to be indexed; the plain walk gives the same answers. */
  readonly indexFrom?: number | undefined;
}

interface TableSite extends Required<CompileOptions> {
  readonly family: Family;
  readonly world: RuleWorld;
  readonly indexFrom: number;
}

/** A table's chains at work. The memory of stateful matches begins when they are loaded, at `world.now`. */
export class CompiledTable {
  readonly #chains = new Map<string, CompiledChain>();
  readonly #compiler: RuleCompiler;
  readonly #options: TableSite;
  readonly #memories = new Set<CompiledRule>();
  #table: Table;

  constructor(table: Table, options: TableSite) {
    this.#compiler = new RuleCompiler({ ...options, table: table.name, chains: this.#chains });
    this.#options = options;
    this.#table = table;
    for (const chain of table.chains.values()) this.#add(chain);
    for (const chain of this.#chains.values()) chain.load();
  }

  chain(name: string): CompiledChain | undefined {
    return this.#chains.get(name);
  }

  /** The table with the counters as they are now. */
  counted(): Table {
    const chains = new Map(
      [...this.#table.chains.keys()].map((name) => [name, this.#chains.get(name)!.counted()]),
    );
    return { name: this.#table.name, chains };
  }

  /** Takes the table as an edit left it. What did not change goes on as it was, counters included. Gives the new rules. */
  edit(table: Table): readonly Rule[] {
    const before = this.#table;
    if (table === before) return [];
    this.#table = table;
    const names = changedNames(before.chains, table.chains) ?? table.chains.keys();
    const rules: Rule[] = [];
    const changed: CompiledChain[] = [];
    for (const name of names) {
      const chain = table.chains.get(name)!;
      changed.push(this.#chains.get(name) ?? this.#add({ ...chain, rules: [] }));
    }
    for (const chain of changed) {
      for (const rule of chain.edit(table.chains.get(chain.name)!)) rules.push(rule);
    }
    if (this.#chains.size > table.chains.size) this.#removeGone();
    // a table that legacy changes goes to the kernel as a whole: each match's memory begins anew, and policies count anew
    if (this.#options.backend === "legacy") {
      for (const hook of builtinChains(table.name)) this.#chains.get(hook)?.recount();
      for (const compiled of this.#memories) {
        compiled.test = this.#compiler.compile(compiled.rule, compiled.place).test;
      }
    }
    return rules;
  }

  #add(chain: Chain): CompiledChain {
    const { family, world, indexFrom } = this.#options;
    const site = { family, world, indexFrom, memories: this.#memories };
    const compiled = new CompiledChain(this.#table.name, chain, this.#compiler, site);
    this.#chains.set(chain.name, compiled);
    return compiled;
  }

  #removeGone(): void {
    for (const [name, chain] of this.#chains) {
      if (this.#table.chains.has(name)) continue;
      chain.unload();
      this.#chains.delete(name);
    }
  }
}

/** A rule set as predicates and actions. */
export class CompiledTables {
  readonly #tables = new Map<TableName, CompiledTable>();
  readonly #site: TableSite;

  constructor(ruleset: Ruleset, world: RuleWorld, options: CompileOptions = {}) {
    const { backend = "legacy", indexFrom = leastIndexed } = options;
    this.#site = { family: ruleset.family, world, backend, indexFrom };
    this.edit(ruleset);
  }

  get(name: TableName): CompiledTable | undefined {
    return this.#tables.get(name);
  }

  has(name: TableName): boolean {
    return this.#tables.has(name);
  }

  /** The tables with the counters as they are now. */
  counted(): ReadonlyMap<TableName, Table> {
    return new Map([...this.#tables].map(([name, table]) => [name, table.counted()]));
  }

  /** Takes a rule set as an edit left it; gives the rules that are new. */
  edit({ tables }: Ruleset): readonly Rule[] {
    const added: Rule[] = [];
    for (const table of tables.values()) {
      const known = this.#tables.get(table.name);
      if (known) {
        for (const rule of known.edit(table)) added.push(rule);
        continue;
      }
      this.#tables.set(table.name, new CompiledTable(table, this.#site));
      for (const { rules } of table.chains.values()) for (const rule of rules) added.push(rule);
    }
    return added;
  }
}
