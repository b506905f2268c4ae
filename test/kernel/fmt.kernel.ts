import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { nftRuleset } from "../../src/model/nft-match.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import { settingsFrom } from "./arguments.ts";
import { freshScenario } from "./generate/fresh-scenario.ts";
import { Judges } from "./record.ts";
import type { Scenario } from "./scenario.ts";
import { unableToRecord } from "./unable.ts";

/** Holds what `fmt` prints against what iptables-save prints after loading the same rules. */
const { seed, scenarios, jobs } = settingsFrom(process.env);
const folder = "fixtures/rulesets";
const count = Math.min(scenarios, 30);
let judges: Judges | undefined;

/** iptables-save's lines and ours, without counters; rules that iptables refused are left out of both. */
async function bothWays(scenario: Scenario): Promise<{
  readonly kernel: readonly string[];
  readonly ours: readonly string[];
}> {
  judges ??= new Judges(jobs);
  const { loaded, refused, family = "ipv4" } = await judges.record({ ...scenario, packets: [] });
  const lines = scenario.rules.split("\n");
  for (const [, line] of refused) lines.splice(lines.indexOf(line), 1);
  const { ruleset } = parseRuleset(lines.join("\n"), { family, filename: "rules" });
  const kept = scenario.backend === "nft" ? nftRuleset(ruleset) : ruleset;
  const printed = printRuleset(kept, { counters: false }).split("\n");
  return {
    kernel: significant(loaded.map((line) => line.replace(/^\[\d+:\d+\] /, ""))),
    ours: significant(printed),
  };
}

/** Tables in one order: iptables-save prints them in the order in which the kernel came to know them. */
function significant(lines: readonly string[]): string[] {
  const tables = lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace(/^(:.*) \[\d+:\d+\]$/, "$1"))
    .join("\n")
    .split(/(?<=^COMMIT)\n/m);
  return tables.sort().flatMap((table) => table.split("\n"));
}

describe(`fmt and iptables-save, seed ${seed}`, () => {
  const problem = unableToRecord();

  before(function () {
    if (!problem) return;
    console.log(`    skipped: ${problem}`);
    this.skip();
  });

  after(() => judges?.close());

  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.(?:save|v4)$/.test(file)) continue;
    it(`print ${folder}/${file} the same`, async () => {
      const family = file.includes("-ipv6/") ? "ipv6" : "ipv4";
      const { kernel, ours } = await bothWays({
        family,
        rules: readFileSync(`${folder}/${file}`, "utf8"),
        packets: [],
      });
      expect(ours).to.deep.equal(kernel);
    });
  }

  it(`print the rules of ${count} generated scenarios the same`, async () => {
    for (let number = 1; number <= count; number++) {
      const name = `${seed}-${number}`;
      const { kernel, ours } = await bothWays(freshScenario(name));
      expect(ours, `scenario ${name}`).to.deep.equal(kernel);
    }
  });
});
