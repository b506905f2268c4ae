import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { Dice } from "../kernel/generate/dice.ts";
import { freshScenario } from "../kernel/generate/fresh-scenario.ts";
import { holdLint } from "./hold/hold-lint.ts";
import { holdRuleset } from "./hold/hold-ruleset.ts";

/**
 * Every witness and every rule that is called dead, on the machine. HOLD_RULESETS asks more generated rule sets than a test
 * run has time for; scripts/hold-analyses.ts does the same for rule sets of one's own.
 */
const generated = Number(process.env["HOLD_RULESETS"] ?? 12);
const now = 1767225600;
const share = 0.35;

const canonical = readdirSync("fixtures/rulesets").filter((name) =>
  existsSync(`fixtures/rulesets/${name}/canonical.save`),
);

describe("analyses of rule sets against the machine", () => {
  for (const name of canonical) {
    const family = name.endsWith("ipv6") ? "ipv6" : "ipv4";
    const text = readFileSync(`fixtures/rulesets/${name}/canonical.save`, "utf8");
    it(`sets of ${name}`, () => {
      const options = { name, family, now, mostRules: 30, packetsEach: 2, random: 20 } as const;
      const { held, contradictions } = holdRuleset(text, options);
      expect(contradictions).to.deep.equal([]);
      expect(held).to.be.above(0);
    });
    it(`lint of ${name}`, () => {
      const { contradictions } = holdLint(text, { name, family, now, mostOfRule: 6, random: 10 });
      expect(contradictions).to.deep.equal([]);
    });
  }

  for (let number = 1; number <= generated; number++) {
    it(`generated rule set ${number}`, () => {
      const name = `rules-${number}`;
      const { family = "ipv4", rules } = freshScenario(name);
      const dice = new Dice(`${name} thin`);
      const text = rules
        .split("\n")
        .filter((line) => !line.startsWith("-A ") || dice.maybe(share))
        .join("\n");
      const sets = holdRuleset(text, { name, family, now, mostRules: 40, packetsEach: 2, random: 10 });
      const lint = holdLint(text, { name, family, now, mostOfRule: 6, random: 10 });
      expect([...sets.contradictions, ...lint.contradictions]).to.deep.equal([]);
    });
  }
});
