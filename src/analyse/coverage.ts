import type { Machine } from "../evaluate/machine.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Counters, Rule, Ruleset } from "../model/ruleset.ts";
import type { RulePlaceText } from "./rule-hits.ts";

/** How many packets a rule matched. */
export interface RuleCoverage {
  readonly place: RulePlaceText & { readonly number: number };
  readonly rule: Rule;
  readonly hits: number;
}

/** How many packets a built-in chain's policy decided about. */
export interface PolicyCoverage {
  readonly table: TableName;
  readonly chain: string;
  readonly policy: "ACCEPT" | "DROP";
  readonly hits: number;
}

export interface Coverage {
  readonly rules: readonly RuleCoverage[];
  readonly policies: readonly PolicyCoverage[];
}

/** Adds up what machines with one rule set have counted since they were made. */
export class CoverageCount {
  private readonly ruleset: Ruleset;
  private readonly hits = new Map<string, number>();

  constructor(ruleset: Ruleset) {
    this.ruleset = ruleset;
  }

  add(machine: Machine): void {
    const after = machine.counters();
    for (const { key, counters } of placesOf(this.ruleset, after)) {
      const [before, now] = counters;
      this.hits.set(key, (this.hits.get(key) ?? 0) + Number(now.packets - before.packets));
    }
  }

  result(): Coverage {
    const rules: RuleCoverage[] = [];
    const policies: PolicyCoverage[] = [];
    for (const { name: table, chains } of this.ruleset.tables.values()) {
      for (const { name: chain, policy, rules: list } of chains.values()) {
        const hitsOf = (what: number | "policy") => this.hits.get(keyOf(table, chain, what)) ?? 0;
        for (const [index, rule] of list.entries()) {
          const number = index + 1;
          rules.push({ place: { table, chain, number }, rule, hits: hitsOf(number) });
        }
        if (policy !== undefined) policies.push({ table, chain, policy, hits: hitsOf("policy") });
      }
    }
    return { rules, policies };
  }
}

const keyOf = (table: string, chain: string, what: number | "policy"): string => `${table}/${chain}:${what}`;

interface PlaceCounters {
  readonly key: string;
  readonly counters: readonly [before: Counters, after: Counters];
}

/** The counters of every rule and policy before and after. */
function placesOf(before: Ruleset, after: Ruleset): readonly PlaceCounters[] {
  const places: PlaceCounters[] = [];
  for (const [name, table] of before.tables) {
    for (const chain of table.chains.values()) {
      const next = after.tables.get(name)?.chains.get(chain.name);
      if (!next) continue;
      places.push({ key: keyOf(name, chain.name, "policy"), counters: [chain.counters, next.counters] });
      for (const [index, rule] of chain.rules.entries()) {
        const now = next.rules[index];
        if (now)
          places.push({ key: keyOf(name, chain.name, index + 1), counters: [rule.counters, now.counters] });
      }
    }
  }
  return places;
}
