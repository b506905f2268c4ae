import type { Effect } from "../extensions/effect.ts";
import type { TableName } from "../extensions/extension.ts";
import { jumpOf } from "../model/rule-target.ts";
import type { Chain, Ruleset } from "../model/ruleset.ts";
import type { SetRules } from "./set-rules.ts";

/** What a chain's way with a packet hangs on besides the packet, in its own rules or in chains that it leads to. */
export interface Traits {
  /** A memory: each visit may go differently. */
  readonly memory: boolean;
  /** The hook: which address is translated. */
  readonly hook: boolean;
  /** The path: what is redirected is forwarded no more. */
  readonly path: boolean;
  /** How many rules there are. */
  readonly rules: number;
}

const ofHook: readonly Effect["kind"][] = ["masquerade", "redirect", "netmap"];

/** The traits of each chain, found once. */
export class ChainTraits {
  private readonly ruleset: Ruleset;
  private readonly rules: SetRules;
  private readonly known = new Map<Chain, Traits>();

  constructor(ruleset: Ruleset, rules: SetRules) {
    this.ruleset = ruleset;
    this.rules = rules;
  }

  of(chain: Chain, table: TableName): Traits {
    let traits = this.known.get(chain);
    if (!traits) {
      traits = this.find(chain, table);
      this.known.set(chain, traits);
    }
    return traits;
  }

  private find(chain: Chain, table: TableName): Traits {
    const reached = new Set([chain]);
    const traits = { memory: false, hook: false, path: false, rules: 0 };
    for (const { rules } of reached) {
      traits.rules += rules.length;
      for (const rule of rules) {
        const { passive, stateful, effects } = this.rules.of(rule, table);
        if (stateful && !passive) traits.memory = true;
        for (const { kind } of effects) {
          if (ofHook.includes(kind)) traits.hook = true;
          if (kind === "redirect") traits.path = true;
        }
        const name = jumpOf(rule);
        const to = name === undefined ? undefined : this.ruleset.tables.get(table)?.chains.get(name);
        if (to) reached.add(to);
      }
    }
    return traits;
  }
}
