import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import type { Family } from "../../src/packet/address.ts";

const folder = new URL("../../fixtures/rulesets/", import.meta.url);
/** `canonical.save` is what iptables-legacy-save 1.8.9 printed after `input` had been loaded, comment lines left out. */
const cases = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/canonical.save`, folder)));

for (const name of cases) {
  describe(`the rule set ${name}`, () => {
    const family: Family = name.endsWith("-ipv6") ? "ipv6" : "ipv4";
    const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, folder), "utf8");
    const input = existsSync(new URL(`${name}/input.sh`, folder)) ? "input.sh" : "input.save";

    it("has no errors and prints as iptables-save does", () => {
      const { ruleset, diagnostics } = parseRuleset(read(input), { family, filename: input });
      expect(diagnostics.filter(({ severity }) => severity === "error")).to.deep.equal([]);
      expect(printRuleset(ruleset)).to.equal(read("canonical.save"));
    });

    it("prints the same from what was printed", () => {
      const { ruleset } = parseRuleset(read("canonical.save"), { family });
      expect(printRuleset(ruleset, { fileOrder: true })).to.equal(read("canonical.save"));
    });
  });
}
