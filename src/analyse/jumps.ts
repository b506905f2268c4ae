import { printMeaning } from "../model/rule-meaning.ts";
import { isJump, jumpOf } from "../model/rule-target.ts";
import type { Chain, Rule, Ruleset } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";

/** The rules that jump or go to other chains. */
export class Jumps {
  private readonly counts = new Map<Chain, number>();
  private readonly texts = new Map<Chain, ReadonlyMap<Rule, string>>();
  private readonly family: Family;

  constructor({ tables, family }: Ruleset) {
    this.family = family;
    for (const { chains } of tables.values()) {
      for (const { rules } of chains.values()) {
        for (const rule of rules) {
          const to = chains.get(jumpOf(rule) ?? "");
          if (to) this.counts.set(to, this.to(to) + 1);
        }
      }
    }
  }

  /** How many lead to a chain. */
  to(chain: Chain): number {
    return this.counts.get(chain) ?? 0;
  }

  /** What a chain's jump asks; of equal ones, the first's is not the second's. */
  textOf(rule: Rule, chain: Chain): string {
    let texts = this.texts.get(chain);
    if (!texts) {
      texts = this.textsOf(chain);
      this.texts.set(chain, texts);
    }
    return texts.get(rule) ?? "";
  }

  private textsOf({ rules }: Chain): ReadonlyMap<Rule, string> {
    const counts = new Map<string, number>();
    return new Map(
      rules.filter(isJump).map((rule) => {
        const text = printMeaning(rule, this.family);
        const count = (counts.get(text) ?? 0) + 1;
        counts.set(text, count);
        return [rule, `${text}\n${count}`];
      }),
    );
  }
}
