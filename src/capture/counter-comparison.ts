import type { TableName } from "../extensions/extension.ts";
import { printRule } from "../model/print-rule.ts";
import type { Chain, Counters, Rule, Ruleset } from "../model/ruleset.ts";

/** A rule, or a chain's policy where `rule` is absent. */
export interface CountedPlace {
  readonly table: TableName;
  readonly chain: string;
  readonly number: number | "policy";
  readonly rule: Rule | undefined;
}

export interface ComparedCounters extends CountedPlace {
  readonly replayed: Counters;
  readonly told: Counters;
  /** Packets replayed to packets told; `undefined` where neither has any, and for those that only one of them has. */
  readonly ratio: number | undefined;
  readonly agrees: boolean;
}

export interface CounterComparison {
  /** All rules and policies that both have, in the order in which iptables-save loads them. */
  readonly compared: readonly ComparedCounters[];
  /** Rules of the replayed set that the other dump does not have. */
  readonly onlyReplayed: readonly CountedPlace[];
  readonly onlyTold: readonly CountedPlace[];
}

/** Holds the counters of a replay against what a dump of the real host says. A rule's partner is the one of its chain with the same words. */
export function compareCounters(replayed: Ruleset, told: Ruleset): CounterComparison {
  const compared: ComparedCounters[] = [];
  const onlyReplayed: CountedPlace[] = [];
  const partners = new Map(countedIn(told).map((one) => [one.key, one]));
  for (const one of countedIn(replayed)) {
    const partner = partners.get(one.key);
    partners.delete(one.key);
    if (partner) compared.push(compare(one, one.counters, partner.counters));
    else if (one.rule) onlyReplayed.push(one);
  }
  return { compared, onlyReplayed, onlyTold: [...partners.values()].filter(({ rule }) => rule) };
}

function compare(
  { table, chain, number, rule }: CountedPlace,
  replayed: Counters,
  told: Counters,
): ComparedCounters {
  const agrees = replayed.packets === told.packets && replayed.bytes === told.bytes;
  const ratio = told.packets === 0n ? undefined : Number(replayed.packets) / Number(told.packets);
  return { table, chain, number, rule, replayed, told, ratio, agrees };
}

interface Counted extends CountedPlace {
  /** Chain, words, and which one of several rules with the same words. */
  readonly key: string;
  readonly counters: Counters;
}

function countedIn({ tables, family }: Ruleset): readonly Counted[] {
  const all: Counted[] = [];
  for (const { name: table, chains } of tables.values()) {
    for (const chain of chains.values()) all.push(...countedOf(table, chain, family));
  }
  return all;
}

function countedOf(table: TableName, chain: Chain, family: Ruleset["family"]): readonly Counted[] {
  const seen = new Map<string, number>();
  const rules = chain.rules.map((rule, index): Counted => {
    const words = printRule(rule, chain.name, family);
    const nth = (seen.get(words) ?? 0) + 1;
    seen.set(words, nth);
    const place = { table, chain: chain.name, number: index + 1, rule, counters: rule.counters };
    return { ...place, key: `${table} ${nth} ${words}` };
  });
  if (!chain.hook) return rules;
  const place = { table, chain: chain.name, number: "policy" as const, rule: undefined };
  return [...rules, { ...place, counters: chain.counters, key: `${table}/${chain.name}` }];
}
