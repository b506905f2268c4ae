import { readFileSync } from "node:fs";
import { expect } from "chai";
import * as diagnostics from "../scripts/docs-diagnostics.ts";
import * as extensions from "../scripts/docs-extensions.ts";
import * as policySchema from "../scripts/schema-policy.ts";
import { diagnosticCodes } from "../src/diagnostics/codes.ts";
import { matches, targets } from "../src/extensions/registry.ts";

/** The documents that `npm run generate` writes are what it would write now. */
describe("generated documents", () => {
  for (const { path, produce } of [diagnostics, extensions, policySchema]) {
    it(`${path} is up to date (npm run generate)`, () => {
      expect(readFileSync(path, "utf8")).to.equal(produce());
    });
  }

  it("explains every diagnostic code", () => {
    const text = diagnostics.produce();
    for (const code of Object.keys(diagnosticCodes)) expect(text).to.include(`| \`${code}\` |`);
  });

  it("describes every extension and every option", () => {
    const text = extensions.produce();
    for (const extension of [...matches, ...targets]) {
      expect(text).to.include(`\n### ${extension.name}\n`);
      for (const option of Object.keys(extension.options)) expect(text, extension.name).to.include(option);
    }
  });
});
