/**
 * `npx tsx scripts/hold-analyses.ts [--rules N] [--findings N] RULES...`: holds packet sets and lint to the machine on rule sets of one's own: a
 * witness for each rule (of N drawn ones, 150 unless told), packets aimed at rules that are called dead, random ones, and what
 * lint says of rules that decide nothing, 25 findings of each lint rule unless told. Names with `6` before their ending are read as IPv6.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { holdLint } from "../test/analyse/hold/hold-lint.ts";
import { holdRuleset } from "../test/analyse/hold/hold-ruleset.ts";

const now = 1767225600;

function main(): number {
  const { values, positionals } = parseArgs({
    options: {
      rules: { type: "string", default: "150" },
      findings: { type: "string", default: "25" },
    },
    allowPositionals: true,
  });
  const mostRules = Number(values.rules);
  const mostOfRule = Number(values.findings);
  if (positionals.length === 0 || !(mostRules > 0) || !(mostOfRule > 0)) {
    console.error("usage: hold-analyses [--rules N] [--findings N] RULES...");
    return 2;
  }
  let contradictions = 0;
  for (const file of positionals) {
    const text = readFileSync(file, "utf8");
    const name = basename(file);
    const family = /6\.[^.]*$/.test(name) ? "ipv6" : "ipv4";
    const sets = holdRuleset(text, { name, family, now, mostRules, packetsEach: 3, random: 60 });
    const lint = holdLint(text, { name, family, now, mostOfRule, random: 20 });
    const beyond = [...sets.beyond.values()].reduce((sum, count) => sum + count, 0);
    const found = [...sets.contradictions, ...lint.contradictions];
    contradictions += found.length;
    console.log(
      `${name}: ${sets.held} packets (${beyond} beyond sets), ${lint.findings} findings on ${lint.packets} packets, ${found.length} contradictions`,
    );
    for (const one of found) console.log(`  ${one}`);
  }
  return contradictions === 0 ? 0 : 1;
}

process.exitCode = main();
