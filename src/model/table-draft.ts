import type { TableName } from "../extensions/extension.ts";
import { builtinChains } from "./hooks.ts";
import { carryWalk } from "./reach.ts";
import { jumpOf } from "./rule-target.ts";
import type { Chain, Counters, Rule, Table } from "./ruleset.ts";

export const noCounters: Counters = { packets: 0n, bytes: 0n };

const newChain = (name: string): Chain => ({
  name,
  hook: undefined,
  policy: undefined,
  counters: noCounters,
  rules: [],
});

/** strcmp(3) for names of one encoding: by code point. */
function byName(a: Chain, b: Chain): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** A table as the kernel first gives it: empty built-in chains with policy ACCEPT. */
export function emptyTable(name: TableName): Table {
  const chains = builtinChains(name).map(
    (hook): Chain => ({ name: hook, hook, policy: "ACCEPT", counters: noCounters, rules: [] }),
  );
  return { name, chains: new Map(chains.map((chain) => [chain.name, chain])) };
}

/**
 * A table while it is edited: chains are copied when they are first changed, so a long restore costs no copy a rule and
 * the table it started from stays as it was. Knows no rule of iptables but the order of the chains.
 */
export class TableDraft {
  readonly name: TableName;
  readonly #chains: Map<string, Chain>;
  /** Rule lists that this draft made itself and may change in place. */
  readonly #own = new Set<readonly Rule[]>();

  /** What takes back the changes in place since `begin`, and the chains of then. */
  #undo: (() => void)[] | undefined;
  #before: ReadonlyMap<string, Chain> = new Map();
  /** The chain that `append` was last called for: rules come chain by chain. */
  #growing: { readonly name: string; readonly rules: Rule[] } | undefined;

  constructor(table: Table) {
    this.name = table.name;
    this.#chains = new Map(table.chains);
  }

  /** Starts a step that `rollback` can take back. */
  begin(): void {
    this.#undo = [];
    this.#before = new Map(this.#chains);
  }

  rollback(): void {
    this.#growing = undefined;
    for (const undo of (this.#undo ?? []).reverse()) undo();
    this.#chains.clear();
    for (const [name, chain] of this.#before) this.#chains.set(name, chain);
    this.begin();
  }

  chain(name: string): Chain | undefined {
    return this.#chains.get(name);
  }

  get chains(): Iterable<Chain> {
    return this.#chains.values();
  }

  addChain(name: string): void {
    this.#chains.set(name, newChain(name));
  }

  removeChain(name: string): void {
    this.#growing = undefined;
    this.#chains.delete(name);
  }

  /** Changes anything of a chain but its name and rules. */
  update(name: string, change: Partial<Pick<Chain, "policy" | "counters">>): void {
    const chain = this.#chains.get(name);
    if (chain) this.#chains.set(name, { ...chain, ...change });
  }

  /** Replaces all rules of a chain. */
  setRules(name: string, rules: readonly Rule[]): void {
    this.#growing = undefined;
    const chain = this.#chains.get(name);
    if (chain) this.#chains.set(name, { ...chain, rules });
  }

  /** Removes `remove` rules at 0-based `index` and puts others there. */
  splice(name: string, index: number, remove: number, ...rules: readonly Rule[]): void {
    const chain = this.#chains.get(name);
    if (!chain) return;
    const own: Rule[] = this.#own.has(chain.rules) ? (chain.rules as Rule[]) : [...chain.rules];
    const appends = index === own.length && remove === 0;
    const removed = own.splice(index, remove, ...rules);
    this.#undo?.push(() => own.splice(index, rules.length, ...removed));
    this.#own.add(own);
    const changed = { ...chain, rules: own };
    if (appends) carryWalk(chain, changed);
    this.#chains.set(name, changed);
  }

  /**
   * Puts a rule at the end of a chain, in place where the list is the draft's own: what a restore does 160,000 times. Only
   * for a draft that nobody has begun a step on or walked.
   */
  append(name: string, rule: Rule): void {
    if (name === this.#growing?.name) {
      this.#growing.rules.push(rule);
      return;
    }
    const chain = this.#chains.get(name);
    if (!chain) return;
    const rules = this.#own.has(chain.rules) ? (chain.rules as Rule[]) : [...chain.rules];
    this.#own.add(rules);
    if (rules !== chain.rules) this.#chains.set(name, { ...chain, rules });
    rules.push(rule);
    this.#growing = { name, rules };
  }

  /** Renames a user-defined chain and every reference to it. */
  rename(name: string, to: string): void {
    this.#growing = undefined;
    const chain = this.#chains.get(name);
    if (!chain) return;
    this.#chains.delete(name);
    this.#chains.set(to, { ...chain, name: to });
    for (const other of this.#chains.values()) {
      if (!other.rules.some((rule) => jumpOf(rule) === name)) continue;
      const rules = other.rules.map((rule): Rule => {
        const { target } = rule;
        if (target.kind !== "jump" && target.kind !== "goto") return rule;
        return target.chain === name ? { ...rule, target: { ...target, chain: to } } : rule;
      });
      this.setRules(other.name, rules);
    }
  }

  /** The finished table; the draft must not be used any more. */
  freeze(): Table {
    const chains = [...this.#chains.values()];
    const order = builtinChains(this.name) as readonly string[];
    const builtin = order.flatMap((name) => this.#chains.get(name) ?? []);
    const user = chains.filter((chain) => !chain.hook).sort(byName);
    return { name: this.name, chains: new Map([...builtin, ...user].map((chain) => [chain.name, chain])) };
  }
}
