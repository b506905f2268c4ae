import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { renderDiagnostic } from "../../src/diagnostics/render.ts";
import { parseText } from "../../src/syntax/parse.ts";

const root = new URL("../../fixtures/diagnostics/", import.meta.url);

/** `input.save` or `input.sh` gives `expected.txt`; `UPDATE=1 npm test` writes it anew: read the difference before you commit it. */
describe("fixtures/diagnostics", () => {
  for (const name of readdirSync(root)) {
    it(name, () => {
      const folder = new URL(`${name}/`, root);
      const input = readdirSync(folder).find((file) => file.startsWith("input."))!;
      const { diagnostics } = parseText({ name: input, text: readFileSync(new URL(input, folder), "utf8") });
      const rendered = diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic)}\n`).join("\n");
      const expected = new URL("expected.txt", folder);
      if (process.env["UPDATE"]) writeFileSync(expected, rendered);
      expect(rendered).to.equal(readFileSync(expected, "utf8"));
    });
  }
});
