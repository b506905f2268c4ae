import { defineMatch, type TableName } from "../../../src/extensions/extension.ts";
import { opaque } from "../../../src/formula/formula.ts";
import { builtinChains } from "../../../src/model/hooks.ts";
import {
  type Chain,
  type MatchUse,
  PlainRule,
  type Rule,
  type Ruleset,
  type Table,
} from "../../../src/model/ruleset.ts";
import type { Context } from "../../../src/packet/context.ts";

/** Is shown each packet where it comes to a probe. */
export type Look = (context: Context) => void;

/** Where packets start: before conntrack has seen them, and right behind it. */
export type ProbePlace = "entering" | "tracked";

const tableOf: Readonly<Record<ProbePlace, TableName>> = { entering: "raw", tracked: "mangle" };
const noCounters = { packets: 0n, bytes: 0n };

function probe(place: ProbePlace, look: Look): Rule {
  const match = defineMatch({
    name: `probe-${place}`,
    summary: "shows a test the packets that come by",
    options: {},
    meaning: () =>
      opaque(`probe ${place}`, (context) => {
        look(context);
        return false;
      }),
    examples: [],
  });
  const use: MatchUse = { kind: "known", match, args: {} };
  const target = { kind: "none" } as const;
  return new PlainRule({ spec: {}, matches: [use], target, counters: noCounters, origin: undefined });
}

/** The rule set with a rule that matches nothing first in raw and in mangle, at both hooks where packets start. */
export function withProbes(ruleset: Ruleset, looks: Readonly<Record<ProbePlace, Look>>): Ruleset {
  const tables = new Map(ruleset.tables);
  for (const place of ["entering", "tracked"] as const) {
    const name = tableOf[place];
    const known = tables.get(name);
    const rule = probe(place, looks[place]);
    tables.set(name, withRule(known ?? emptyTable(name), rule));
  }
  return { ...ruleset, tables };
}

function emptyTable(name: TableName): Table {
  const chains = builtinChains(name).map(
    (hook): Chain => ({ name: hook, hook, policy: "ACCEPT", counters: noCounters, rules: [] }),
  );
  return { name, chains: new Map(chains.map((chain) => [chain.name, chain])) };
}

function withRule(table: Table, rule: Rule): Table {
  const chains = [...table.chains.values()].map((chain) =>
    chain.name === "PREROUTING" || chain.name === "OUTPUT"
      ? { ...chain, rules: [rule, ...chain.rules] }
      : chain,
  );
  return { ...table, chains: new Map(chains.map((chain) => [chain.name, chain])) };
}
