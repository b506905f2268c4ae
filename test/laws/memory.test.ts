import { expect } from "chai";
import fc from "fast-check";
import { matches } from "../../src/extensions/registry.ts";
import { hasMemory } from "../../src/formula/formula.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { ruleFormula, siteOf } from "../../src/model/rule-formula.ts";
import { anyRule } from "./any-rule.ts";
import { type Place, placeOf, placeOfExample } from "./save-line.ts";

/** Whether the rule, given as behind `-A CHAIN`, has a memory; `undefined` for one that is refused. */
function ruleHasMemory(rule: string, { table, chain, family }: Place): boolean | undefined {
  const program = family === "ipv4" ? "iptables" : "ip6tables";
  const { ruleset } = parseRuleset(`${program} -t ${table} -A ${chain} ${rule}\n`, { family });
  const bound = ruleset.tables.get(table)?.chains.get(chain)?.rules[0];
  const sets = { changes: () => true };
  return bound && hasMemory(ruleFormula(bound, { ...siteOf(family, table, bound.spec), sets }));
}

describe("a match says that it remembers where its meaning has a memory", () => {
  for (const match of matches) {
    it(match.name, () => {
      const examples = match.examples.map((one) => ruleHasMemory(one.rule, placeOfExample(match, one)));
      let seen = examples.includes(true);
      const place = placeOf(match);
      fc.assert(
        fc.property(anyRule("-m", match), (text) => {
          seen ||= ruleHasMemory(text, place) === true;
        }),
      );
      expect(seen).to.equal(match.remembers === true);
    });
  }
});
