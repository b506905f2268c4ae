import type { Hook } from "../packet/context.ts";
import { endsChain } from "./reach.ts";
import { isJump, type JumpRule } from "./rule-target.ts";
import type { Chain } from "./ruleset.ts";
import type { TableDraft } from "./table-draft.ts";

/** From which hooks each chain is reached. */
interface Reached {
  /** By chain: a bit for each built-in chain that leads there. */
  readonly from: Uint8Array;
  /** The hooks that such bits stand for. */
  readonly lists: readonly (readonly Hook[])[];
}

/**
 * A table's chains as numbers and the jumps that packets can get to between them, for walks through all of the table: a name
 * is looked up once for each jump, and 60,000 chains take no object each. It shows the table as it was when it was made.
 */
export class JumpGraph {
  readonly #chains: readonly Chain[];
  readonly #numbers = new Map<string, number>();
  /** The jumps of chain `n` are those from `#first[n]` to before `#first[n + 1]`. */
  readonly #first: Int32Array;
  readonly #jumps: JumpRule[] = [];
  /** The number of the chain that each jump leads to; -1 for none. */
  readonly #to: Int32Array;
  #reached: Reached | undefined;
  /** The number of the chain that was last asked about. */
  #asked = -1;

  constructor(draft: TableDraft) {
    this.#chains = [...draft.chains];
    this.#first = new Int32Array(this.#chains.length + 1);
    let number = 0;
    for (const { name, rules } of this.#chains) {
      this.#numbers.set(name, number++);
      for (const rule of rules) {
        if (isJump(rule)) this.#jumps.push(rule);
        else if (endsChain(rule)) break;
      }
      this.#first[number] = this.#jumps.length;
    }
    this.#to = new Int32Array(this.#jumps.length);
    let jump = 0;
    for (const { target } of this.#jumps) this.#to[jump++] = this.#numbers.get(target.chain) ?? -1;
  }

  /** The first jump that closes a loop which a packet could enter, with the chain it stands in. */
  findLoop(): { readonly chain: string; readonly rule: JumpRule } | undefined {
    const [unseen, open, done] = [0, 1, 2];
    const state = new Uint8Array(this.#chains.length);
    const next = this.#first.slice();
    for (const [entry, { hook }] of this.#chains.entries()) {
      if (!hook || state[entry] !== unseen) continue;
      state[entry] = open;
      const path = [entry];
      while (path.length > 0) {
        const top = path.at(-1)!;
        if (next[top] === this.#first[top + 1]) {
          state[top] = done;
          path.pop();
          continue;
        }
        const jump = next[top]!++;
        const to = this.#to[jump]!;
        if (to < 0 || state[to] === done) continue;
        if (state[to] === open) {
          return { chain: this.#chains[top]!.name, rule: this.#jumps[jump]! };
        }
        state[to] = open;
        path.push(to);
      }
    }
    return undefined;
  }

  /** The hooks from which a chain is reached, as the kernel's mark_source_chains (net/ipv4/netfilter/ip_tables.c) finds them. */
  hooksOf(chain: string): readonly Hook[] {
    this.#reached ??= this.#findHooks();
    const { lists, from } = this.#reached;
    const number = this.#numberOf(chain);
    return number === undefined ? [] : lists[from[number]!]!;
  }

  /** Whoever looks at all rules of a table goes from one chain to the next. */
  #numberOf(chain: string): number | undefined {
    const next = this.#asked + 1;
    const number = this.#chains[next]?.name === chain ? next : this.#numbers.get(chain);
    if (number !== undefined) this.#asked = number;
    return number;
  }

  #findHooks(): Reached {
    const entries = this.#chains.flatMap(({ hook }, number) => (hook ? [{ hook, number }] : []));
    const from = new Uint8Array(this.#chains.length);
    for (const [index, { number }] of entries.entries()) {
      const bit = 1 << index;
      const pending = [number];
      while (pending.length > 0) {
        const chain = pending.pop()!;
        if (chain < 0 || from[chain]! & bit) continue;
        from[chain]! |= bit;
        for (let jump = this.#first[chain]!; jump < this.#first[chain + 1]!; jump++)
          pending.push(this.#to[jump]!);
      }
    }
    const lists = Array.from({ length: 1 << entries.length }, (_, bits) =>
      entries.flatMap(({ hook }, index) => (bits & (1 << index) ? [hook] : [])),
    );
    return { lists, from };
  }
}
