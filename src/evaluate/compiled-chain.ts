import type { TableName } from "../extensions/extension.ts";
import { kernelNeed } from "../model/kernel-needs.ts";
import { spliceBetween } from "../model/rule-splice.ts";
import type { Chain, Rule } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";
import type { CompiledRule, MutableCounters, RuleCompiler, RuleWorld } from "./compile-rule.ts";
import type { Candidates } from "./index/candidates.ts";
import { ChainIndex } from "./index/chain-index.ts";
import type { WalkEnd } from "./walk-end.ts";

/** What the chains of one machine share. */
export interface ChainSite {
  readonly family: Family;
  readonly world: RuleWorld;
  /** Rules that a chain has at least to be indexed. */
  readonly indexFrom: number;
  /** The rules of the table that have a memory. */
  readonly memories: Set<CompiledRule>;
}

/** A position that no rule has; a small integer to V8, which compares those faster. */
export const behindAll = 2 ** 30;

/** Beyond so many changed rules an index is made anew, when a packet next needs it. */
const mostEdits = 100;

/** A chain at work. Rules are compiled when a packet first comes to them: of 160,000 most never see one. */
export class CompiledChain {
  readonly table: TableName;
  readonly name: string;
  policy: "ACCEPT" | "DROP" | undefined;
  counters: MutableCounters;
  /** What became of the last packet that came to the policy. */
  end: WalkEnd | undefined;
  readonly #compiler: RuleCompiler;
  readonly #site: ChainSite;
  #chain: Chain;
  #compiled: (CompiledRule | undefined)[];
  #index: ChainIndex | undefined;

  constructor(table: TableName, chain: Chain, compiler: RuleCompiler, site: ChainSite) {
    this.table = table;
    this.name = chain.name;
    this.policy = chain.policy;
    this.counters = mutable(chain.counters);
    this.#compiler = compiler;
    this.#site = site;
    this.#chain = chain;
    this.#compiled = new Array<CompiledRule | undefined>(chain.rules.length);
  }

  /** How many rules there are. */
  get length(): number {
    return this.#chain.rules.length;
  }

  /** The rule at a 0-based place; `undefined` behind the last one. */
  at(position: number): CompiledRule | undefined {
    const compiled = this.#compiled[position];
    if (compiled !== undefined) return compiled;
    const rule = this.#chain.rules[position];
    if (rule === undefined) return undefined;
    const { table, name: chain } = this;
    const place = () => ({ table, chain, number: this.#compiled.indexOf(fresh) + 1 });
    const fresh: CompiledRule = this.#compiler.compile(rule, place);
    this.#compiled[position] = fresh;
    return fresh;
  }

  /** Compiles the rules whose memory begins at the moment they are loaded. Call once all chains of the table exist. */
  load(from = 0, to = this.length): void {
    for (let position = from; position < to; position++) {
      if ((this.#chain.rules[position]!.needs & kernelNeed.memory) === 0) continue;
      const compiled = this.at(position);
      if (compiled) this.#site.memories.add(compiled);
    }
  }

  /**
   * From which position on a walk is to ask the index; behind the last rule where it is not to. The first rules of a chain decide
   * most packets (`--ctstate ESTABLISHED -j ACCEPT`): four of them are asked as they are, but none where every chain is indexed.
   */
  indexedFrom({ packet }: Context): number {
    const { family, indexFrom } = this.#site;
    const isIndexed = this.length >= indexFrom && packet.family === family;
    return isIndexed ? indexFrom >> 4 : behindAll;
  }

  /** The rules that the packet may match; `undefined` where all of them have to be asked: one might drop it on the spot. */
  candidates(context: Context): Candidates | undefined {
    this.#index ??= new ChainIndex(
      this.length,
      (position) => this.#compiler.requirements(this.#chain.rules[position]!),
      this.#site.world,
    );
    return this.#index.lookUp(context);
  }

  /** The chain with the counters as they are now. */
  counted(): Chain {
    const rules = this.#chain.rules.map((rule, position) => {
      const compiled = this.#compiled[position];
      return compiled ? rule.with({ counters: frozen(compiled.counters) }) : rule;
    });
    const { counters } = this.#chain;
    return { ...this.#chain, counters: this.#chain.hook ? frozen(this.counters) : counters, rules };
  }

  /**
   * Takes an edited chain of the same name. Rules that are still there keep their counters, and so does the policy, unless it
   * is another one now. Gives the rules that are new.
   */
  edit(chain: Chain): readonly Rule[] {
    const before = this.#chain;
    if (chain === before) return [];
    this.#chain = chain;
    if (chain.policy !== before.policy) this.recount();
    this.policy = chain.policy;
    return chain.rules === before.rules ? [] : this.#follow(before.rules, chain.rules);
  }

  /** The policy's counters begin with what the rule set says. */
  recount(): void {
    this.counters = mutable(this.#chain.counters);
  }

  /** The chain is gone: so are the memories of its rules. */
  unload(): void {
    for (const compiled of this.#compiled) if (compiled) this.#site.memories.delete(compiled);
  }

  /** Keeps what is known of the rules that are in both lists. */
  #follow(before: readonly Rule[], after: readonly Rule[]): readonly Rule[] {
    const { index: front, removed, added } = spliceBetween(before, after);
    // in place, which moves what stands behind as a block
    const few = added <= mostEdits;
    const gone = few
      ? this.#compiled.splice(front, removed, ...new Array<undefined>(added))
      : this.#compiled.splice(front);
    if (!few) this.#compiled = this.#compiled.concat(new Array<undefined>(added), gone.splice(removed));
    for (const compiled of gone) if (compiled) this.#site.memories.delete(compiled);
    if (removed + added > mostEdits) this.#index = undefined;
    for (let i = 0; i < removed && this.#index; i++) {
      const requirements = this.#compiler.requirements(before[front + i]!);
      if (!this.#index.removed(front, requirements)) this.#index = undefined;
    }
    for (let i = 0; i < added && this.#index; i++) {
      const requirements = this.#compiler.requirements(after[front + i]!);
      if (!this.#index.inserted(front + i, requirements)) this.#index = undefined;
    }
    this.load(front, front + added);
    return after.slice(front, front + added);
  }
}

const mutable = ({ packets, bytes }: Chain["counters"]): MutableCounters => ({
  packets: Number(packets),
  bytes: Number(bytes),
});

const frozen = ({ packets, bytes }: MutableCounters): Chain["counters"] => ({
  packets: BigInt(packets),
  bytes: BigInt(bytes),
});
