import { expect } from "chai";
import { matches, targets } from "../../src/extensions/registry.ts";
import { builtinChains } from "../../src/model/hooks.ts";
import { tryRule } from "./try-rule.ts";

describe("the extensions' examples", () => {
  for (const extension of [...matches, ...targets]) {
    it(`${extension.name}: rules are saved and refused as the examples say`, () => {
      const { families, hooks, tables } = extension.validIn ?? {};
      const table = tables?.[0] ?? "filter";
      const possible = builtinChains(table).filter((hook) => hooks?.includes(hook) ?? true);
      const usual = `${table}/${possible.includes("INPUT") ? "INPUT" : possible[0]}`;
      let tried = 0;
      for (const example of extension.examples) {
        const { rule, at = usual, family = families?.[0] ?? "ipv4" } = example;
        const found = tryRule({ rule, at, family });
        if ("saves" in example) {
          expect(found).to.have.property("saves", example.saves === "=" ? rule : example.saves);
          tried++;
        } else if ("refused" in example) {
          expect(found, rule).to.have.property("code", example.refused);
          tried++;
        } else {
          expect(found, rule).to.have.property("saves");
        }
      }
      expect(tried).to.be.above(0);
    });
  }
});
