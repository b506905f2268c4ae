import type { TableName } from "../extensions/extension.ts";
import { withChanged } from "./chain-map.ts";
import { builtinChains } from "./hooks.ts";
import { carryWalk } from "./reach.ts";
import { carryDigests, forgetDigests } from "./rule-search.ts";
import { forgetSplice, tellSplice } from "./rule-splice.ts";
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

/** A copy with other rules at a place, in one go. */
const spliced = (rules: readonly Rule[], index: number, remove: number, added: readonly Rule[]): Rule[] =>
  index === rules.length ? rules.concat(added) : rules.toSpliced(index, remove, ...added);

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
  readonly #given: Table;
  /** The given chains that changed; not in use once chains came or went. */
  readonly #changed = new Map<string, Chain>();
  /** All chains, once chains came or went. */
  #all: Map<string, Chain> | undefined;
  /** Rule lists that this draft made itself and may change in place. */
  readonly #own = new Set<readonly Rule[]>();
  /** What takes back the changes since `begin`, last one first. */
  #undo: (() => void)[] | undefined;
  /** The chain that `append` was last called for: rules come chain by chain. */
  #growing: { readonly name: string; readonly rules: Rule[] } | undefined;

  constructor(table: Table) {
    this.name = table.name;
    this.#given = table;
  }

  /** Starts a step that `rollback` can take back. */
  begin(): void {
    this.#undo = [];
  }

  rollback(): void {
    this.#growing = undefined;
    for (const undo of (this.#undo ?? []).reverse()) undo();
    this.begin();
  }

  chain(name: string): Chain | undefined {
    if (this.#all) return this.#all.get(name);
    return this.#changed.get(name) ?? this.#given.chains.get(name);
  }

  get chains(): Iterable<Chain, undefined> {
    return (this.#all ?? withChanged(this.#given.chains, this.#changed)).values();
  }

  /** The built-in chains, in the order of the hooks. */
  get builtin(): readonly Chain[] {
    return builtinChains(this.name).flatMap((name) => this.chain(name) ?? []);
  }

  addChain(name: string): void {
    this.#growing = undefined;
    const all = this.#allChains();
    const chain = newChain(name);
    this.#own.add(chain.rules);
    all.set(name, chain);
    this.#undo?.push(() => all.delete(name));
  }

  removeChain(name: string): void {
    this.#growing = undefined;
    this.#keepOrder();
    this.#allChains().delete(name);
  }

  /** Changes anything of a chain but its name and rules. */
  update(name: string, change: Partial<Pick<Chain, "policy" | "counters">>): void {
    this.#growing = undefined;
    const chain = this.chain(name);
    if (chain) this.#set(chain, { ...chain, ...change });
  }

  /** Replaces all rules of a chain. */
  setRules(name: string, rules: readonly Rule[]): void {
    this.#growing = undefined;
    const chain = this.chain(name);
    if (chain) this.#set(chain, { ...chain, rules });
  }

  /** Removes `remove` rules at 0-based `index` and puts others there. */
  splice(name: string, index: number, remove: number, ...rules: readonly Rule[]): void {
    this.#growing = undefined;
    const chain = this.chain(name);
    if (!chain) return;
    const isOwn = this.#own.has(chain.rules);
    const removed = chain.rules.slice(index, index + remove);
    const own = isOwn ? (chain.rules as Rule[]) : spliced(chain.rules, index, remove, rules);
    if (isOwn) {
      own.splice(index, remove, ...rules);
      forgetSplice(own);
      this.#undo?.push(() => {
        own.splice(index, rules.length, ...removed);
        forgetDigests(own);
      });
    } else tellSplice(chain.rules, own, { index, removed: removed.length, added: rules.length });
    this.#own.add(own);
    const changed = { ...chain, rules: own };
    carryWalk(chain, changed, index, removed, rules);
    carryDigests(chain.rules, own, index, remove, rules);
    this.#set(chain, changed);
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
    const chain = this.chain(name);
    if (!chain) return;
    const rules = this.#own.has(chain.rules) ? (chain.rules as Rule[]) : chain.rules.slice();
    this.#own.add(rules);
    forgetSplice(rules);
    if (rules !== chain.rules) this.#set(chain, { ...chain, rules });
    rules.push(rule);
    this.#growing = { name, rules };
  }

  /** Renames a user-defined chain and every reference to it. */
  rename(name: string, to: string): void {
    this.#growing = undefined;
    const chain = this.chain(name);
    if (!chain) return;
    this.#keepOrder();
    const all = this.#allChains();
    all.delete(name);
    all.set(to, { ...chain, name: to });
    for (const other of all.values()) {
      if (!other.rules.some((rule) => jumpOf(rule) === name)) continue;
      const rules = other.rules.map((rule): Rule => {
        const { target } = rule;
        if (target.kind !== "jump" && target.kind !== "goto") return rule;
        return target.chain === name ? rule.with({ target: { ...target, chain: to } }) : rule;
      });
      this.setRules(other.name, rules);
    }
  }

  /** The finished table; the draft must not be used any more. */
  freeze(): Table {
    if (!this.#all) {
      const chains = withChanged(this.#given.chains, this.#changed);
      return chains === this.#given.chains ? this.#given : { name: this.name, chains };
    }
    const user = [...this.#all.values()].filter((chain) => !chain.hook).sort(byName);
    return {
      name: this.name,
      chains: new Map([...this.builtin, ...user].map((chain) => [chain.name, chain])),
    };
  }

  #set(before: Chain, after: Chain): void {
    const chains = this.#all ?? this.#changed;
    chains.set(after.name, after);
    this.#undo?.push(() => void (this.#all ?? this.#changed).set(before.name, before));
  }

  #allChains(): Map<string, Chain> {
    this.#all ??= new Map(withChanged(this.#given.chains, this.#changed));
    return this.#all;
  }

  /** A step taken back puts the chains back in their order, too. */
  #keepOrder(): void {
    if (!this.#undo) return;
    const before = new Map(this.#allChains());
    this.#undo.push(() => {
      this.#all = before;
    });
  }
}
