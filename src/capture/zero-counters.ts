import type { Counters, Ruleset } from "../model/ruleset.ts";

const zero: Counters = { packets: 0n, bytes: 0n };

/** The rule set as iptables-restore loads it without `-c`: nothing has been counted yet. */
export function withoutCounters(ruleset: Ruleset): Ruleset {
  const tables = [...ruleset.tables].map(([name, table]) => {
    const chains = [...table.chains].map(
      ([key, chain]) =>
        [
          key,
          { ...chain, counters: zero, rules: chain.rules.map((rule) => rule.with({ counters: zero })) },
        ] as const,
    );
    return [name, { ...table, chains: new Map(chains) }] as const;
  });
  return { ...ruleset, tables: new Map(tables) };
}
