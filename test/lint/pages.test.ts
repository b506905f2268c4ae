import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { rulePages } from "../../scripts/docs-rules.ts";

describe("pages of lint rules", () => {
  for (const { path, produce } of rulePages) {
    it(`${path} is up to date (npm run generate)`, () => {
      expect(readFileSync(path, "utf8")).to.equal(produce());
    });
  }

  it("are one for each rule", () => {
    expect(
      readdirSync("docs/rules")
        .map((name) => `docs/rules/${name}`)
        .sort(),
    ).to.deep.equal(rulePages.map(({ path }) => path).sort());
  });
});
