import type { TableName } from "../extensions/extension.ts";
import { withChanged } from "./chain-map.ts";
import { builtinChains } from "./hooks.ts";
import { carryWalk } from "./reach.ts";
import { carryDigests, forgetDigests } from "./rule-search.ts";
import { forgetSplice, tellSplice } from "./rule-splice.ts";
import { jumpOf } from "./rule-target.ts";
import type { Chain, Counters, Rule, Table } from "./ruleset.ts";

export const noCounters: Counters = { packets: 0n, bytes: 0n };

const noRules: readonly Rule[] = [];
const newChain = (name: string): Chain => ({
  name,
  hook: undefined,
  policy: undefined,
  counters: noCounters,
  rules: noRules,
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
  /** The chain that `append` was last called for, and what was appended to it since: rules come chain by chain. */
  #growing: string | undefined;
  readonly #appended: Rule[] = [];

  constructor(table: Table) {
    this.name = table.name;
    this.#given = table;
  }

  /** Starts a step that `rollback` can take back. */
  begin(): void {
    this.#settle();
    this.#undo = [];
  }

  rollback(): void {
    for (const undo of (this.#undo ?? []).reverse()) undo();
    this.begin();
  }

  chain(name: string): Chain | undefined {
    this.#settle();
    return this.#find(name);
  }

  /** A chain of which nobody asks for the rules. */
  head(name: string): Pick<Chain, "name" | "hook"> | undefined {
    return this.#find(name);
  }

  #find(name: string): Chain | undefined {
    if (this.#all) return this.#all.get(name);
    return this.#changed.get(name) ?? this.#given.chains.get(name);
  }

  get chains(): Iterable<Chain, undefined> {
    this.#settle();
    return (this.#all ?? withChanged(this.#given.chains, this.#changed)).values();
  }

  /** The built-in chains, in the order of the hooks. */
  get builtin(): readonly Chain[] {
    return builtinChains(this.name).flatMap((name) => this.chain(name) ?? []);
  }

  addChain(name: string): void {
    const all = this.#allChains();
    all.set(name, newChain(name));
    this.#undo?.push(() => all.delete(name));
  }

  removeChain(name: string): void {
    this.#settle();
    this.#keepOrder();
    this.#allChains().delete(name);
  }

  /** Changes anything of a chain but its name and rules. */
  update(name: string, change: Partial<Pick<Chain, "policy" | "counters">>): void {
    const chain = this.chain(name);
    if (chain) this.#set(chain, { ...chain, ...change });
  }

  /** Replaces all rules of a chain. */
  setRules(name: string, rules: readonly Rule[]): void {
    const chain = this.chain(name);
    if (chain) this.#set(chain, { ...chain, rules });
  }

  /** Removes `remove` rules at 0-based `index` and puts others there. */
  splice(name: string, index: number, remove: number, ...rules: readonly Rule[]): void {
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

  /** Puts a rule at the end of a chain, as a restore does 160,000 times: the list is made when another chain's turn comes. */
  append(name: string, rule: Rule): void {
    if (name !== this.#growing) {
      this.#settle();
      this.#growing = name;
    }
    this.#appended.push(rule);
  }

  /** Gives the chain that `append` was last called for its rules. */
  #settle(): void {
    const chain = this.#growing === undefined ? undefined : this.#find(this.#growing);
    this.#growing = undefined;
    if (!chain) return;
    this.#set(chain, { ...chain, rules: this.#extended(chain.rules, this.#appended) });
    this.#appended.length = 0;
  }

  /** A chain whose turn comes once has a list of just its length; one whose turn comes again and again is not copied each time. */
  #extended(rules: readonly Rule[], added: readonly Rule[]): readonly Rule[] {
    if (rules.length === 0) return added.slice();
    const own = this.#own.has(rules) ? (rules as Rule[]) : rules.slice();
    for (const rule of added) own.push(rule);
    forgetSplice(own);
    this.#own.add(own);
    return own;
  }

  /** Renames a user-defined chain and every reference to it. */
  rename(name: string, to: string): void {
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
    this.#settle();
    if (!this.#all) {
      const chains = withChanged(this.#given.chains, this.#changed);
      return chains === this.#given.chains ? this.#given : { name: this.name, chains };
    }
    const all = [...this.#all.values()];
    const ordered = [...this.builtin, ...all.filter((chain) => !chain.hook).sort(byName)];
    // a dump has them in order
    const isOrdered = all.every((chain, index) => chain === ordered[index]);
    const chains = isOrdered ? this.#all : new Map(ordered.map((chain) => [chain.name, chain]));
    return { name: this.name, chains };
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
