import { readFileSync } from "node:fs";
import { expect } from "chai";
import { grammarFiles } from "../../scripts/grammar-files.ts";

describe("grammar/generated", () => {
  for (const { path, produce } of grammarFiles) {
    it(`${path} is what \`npm run generate\` writes`, () => {
      const committed = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
      expect(committed === produce(), "run `npm run generate`").to.equal(true);
    });
  }

  it("the diagrams load nothing from elsewhere", () => {
    const page = grammarFiles.find(({ path }) => path.endsWith(".html"))!.produce();
    expect(page).not.to.match(/<script[^>]+src=|<link[^>]+href=/);
    expect(page).to.include("drawDiagramsFromSerializedGrammar");
  });
});
