import { readdirSync } from "node:fs";
import { expect } from "chai";
import { lintRules } from "../../src/lint/registry.ts";
import { lintText } from "./lint-text.ts";

describe("lint rules", () => {
  it("are all in the registry, by id, the one about pragmas last", () => {
    const files = readdirSync("src/lint/rules").map((name) => name.replace(/\.ts$/, ""));
    expect(lintRules.map(({ name }) => name).sort()).to.deep.equal(files.sort());
    const ids = lintRules.map(({ id }) => id);
    expect(ids).to.deep.equal([...new Set(ids)].sort());
    expect(ids.at(-1)).to.equal("NV501");
    for (const id of ids) expect(id).to.match(/^NV[1-5]\d\d$/);
  });

  for (const rule of lintRules) {
    describe(`${rule.id} ${rule.name}`, () => {
      // the rule about pragmas is about what others find
      const rules = rule.id === "NV501" ? lintRules : [rule];

      it("says what, why and when not", () => {
        for (const text of [rule.summary, rule.why, rule.exceptions]) expect(text).not.to.equal("");
        expect(rule.bad).not.to.be.empty;
        expect(rule.good).not.to.be.empty;
      });

      for (const [index, text] of rule.bad.entries()) {
        it(`finds bad example ${index + 1}`, () => {
          const found = lintText(text, rules).findings.filter(({ id }) => id === rule.id);
          expect(found).not.to.be.empty;
          for (const { message, place } of found) {
            expect(message).to.match(/^[^A-Z].*[^.]$/s);
            expect(place.span.end).to.be.above(place.span.start);
          }
        });
      }

      for (const [index, text] of rule.good.entries()) {
        it(`finds nothing in good example ${index + 1}`, () => {
          expect(lintText(text, rules).findings.filter(({ id }) => id === rule.id)).to.deep.equal([]);
        });
      }
    });
  }
});
