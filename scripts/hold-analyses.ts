/**
 * `npx tsx scripts/hold-analyses.ts [--rules N|all] [--findings N] RULES...`: holds packet sets and lint to the machine on rule sets of one's own: a
 * witness for each rule (of N drawn ones, 150 unless told; `all` goes part by part), packets aimed at rules that are called dead, random ones, and what
 * lint says of rules that decide nothing, 25 findings of each lint rule unless told. Names with `6` before their ending are read as IPv6.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { parseRuleset } from "../src/model/parse-ruleset.ts";
import { holdLint } from "../test/analyse/hold/hold-lint.ts";
import { holdRuleset, type RulesetHoldingOptions } from "../test/analyse/hold/hold-ruleset.ts";

const now = 1767225600;

/** Rules of one part: beyond some thousand, what packets are alone makes sets outgrow their room. */
const rulesOfPart = 400;

interface Held {
  readonly held: number;
  readonly beyond: number;
  readonly contradictions: readonly string[];
}

function holdParts(text: string, options: RulesetHoldingOptions): Held {
  const { family, name, mostRules } = options;
  const count = [...parseRuleset(text, { family, filename: name }).ruleset.tables.values()]
    .flatMap(({ chains }) => [...chains.values()])
    .reduce((sum, { rules }) => sum + rules.length, 0);
  const parts: (readonly [number, number])[] = [];
  for (let from = 0; from < count; from += rulesOfPart) parts.push([from, from + rulesOfPart]);
  const all = Number.isFinite(mostRules)
    ? [holdRuleset(text, options)]
    : parts.map((part) => holdRuleset(text, { ...options, part }));
  return {
    held: all.reduce((sum, { held }) => sum + held, 0),
    beyond: all.reduce((sum, one) => [...one.beyond.values()].reduce((total, more) => total + more, sum), 0),
    contradictions: all.flatMap(({ contradictions }) => contradictions),
  };
}

function main(): number {
  const { values, positionals } = parseArgs({
    options: {
      rules: { type: "string", default: "150" },
      findings: { type: "string", default: "25" },
    },
    allowPositionals: true,
  });
  const mostRules = values.rules === "all" ? Number.POSITIVE_INFINITY : Number(values.rules);
  const mostOfRule = Number(values.findings);
  if (positionals.length === 0 || !(mostRules > 0) || !(mostOfRule > 0)) {
    console.error("usage: hold-analyses [--rules N|all] [--findings N] RULES...");
    return 2;
  }
  let contradictions = 0;
  for (const file of positionals) {
    const text = readFileSync(file, "utf8");
    const name = basename(file);
    const family = /6\.[^.]*$/.test(name) ? "ipv6" : "ipv4";
    const sets = holdParts(text, { name, family, now, mostRules, packetsEach: 3, random: 60 });
    const lint = holdLint(text, { name, family, now, mostOfRule, random: 20 });
    const found = [...sets.contradictions, ...lint.contradictions];
    contradictions += found.length;
    console.log(
      `${name}: ${sets.held} packets (${sets.beyond} beyond sets), ${lint.findings} findings on ${lint.packets} packets, ${found.length} contradictions`,
    );
    for (const one of found) console.log(`  ${one}`);
  }
  return contradictions === 0 ? 0 : 1;
}

process.exitCode = main();
