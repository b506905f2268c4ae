import { jumpOf } from "../model/rule-target.ts";
import type { Chain, Ruleset } from "../model/ruleset.ts";

/** How many rules jump or go to each chain. */
export class Jumps {
  private readonly counts = new Map<Chain, number>();

  constructor({ tables }: Ruleset) {
    for (const { chains } of tables.values()) {
      for (const { rules } of chains.values()) {
        for (const rule of rules) {
          const to = chains.get(jumpOf(rule) ?? "");
          if (to) this.counts.set(to, this.to(to) + 1);
        }
      }
    }
  }

  to(chain: Chain): number {
    return this.counts.get(chain) ?? 0;
  }
}
