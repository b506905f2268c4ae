import type { TableName } from "../extensions/extension.ts";
import type { Backend } from "../model/hooks.ts";
import type { Chain, Ruleset, Table } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import type { World } from "../packet/context.ts";
import { type CompiledRule, RuleCompiler } from "./compile-rule.ts";
import { CompiledChain } from "./compiled-chain.ts";
import { leastIndexed } from "./index/chain-index.ts";

export interface CompileOptions {
  readonly backend?: Backend;
  /** Rules that a chain has at least to be indexed; the plain walk gives the same answers. */
  readonly indexFrom?: number | undefined;
}

interface TableSite extends Required<CompileOptions> {
  readonly family: Family;
  readonly world: World;
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

  /** Takes the table as an edit left it. What did not change goes on as it was, counters included. */
  edit(table: Table): void {
    const before = this.#table;
    if (table === before) return;
    this.#table = table;
    const added: CompiledChain[] = [];
    for (const chain of table.chains.values())
      if (!this.#chains.has(chain.name)) added.push(this.#add(chain));
    for (const chain of table.chains.values()) this.#chains.get(chain.name)!.edit(chain);
    for (const chain of added) chain.load();
    if (this.#chains.size > table.chains.size) this.#removeGone();
    // a table that legacy changes goes to the kernel as a whole, and each match's memory with it begins anew
    if (this.#options.backend === "legacy") {
      for (const compiled of this.#memories) compiled.test = this.#compiler.compile(compiled.rule).test;
    }
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

/** Turns a rule set into predicates and actions. */
export function compileRuleset(
  { family, tables }: Ruleset,
  world: World,
  { backend = "legacy", indexFrom = leastIndexed }: CompileOptions = {},
): ReadonlyMap<TableName, CompiledTable> {
  const site = { family, world, backend, indexFrom };
  return new Map([...tables.values()].map((table) => [table.name, new CompiledTable(table, site)]));
}
