import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { matches, targets } from "../../src/extensions/registry.ts";
import type { Extension } from "./save-line.ts";

const filesOf = (folder: string): string[] =>
  readdirSync(new URL(`../../src/extensions/${folder}/`, import.meta.url)).sort();

const linesOf = (path: string): number =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n").length;

const filesFor = (extensions: readonly Extension[]): string[] =>
  extensions.map(({ name }) => `${name.toLowerCase()}.ts`).sort();

describe("the registry", () => {
  it("has the files of matches/, each under its match's name", () => {
    expect(filesFor(matches)).to.deep.equal(filesOf("matches"));
  });

  it("has the files of targets/, each under its target's name", () => {
    expect(filesFor(targets)).to.deep.equal(filesOf("targets"));
  });

  it("has declarations of at most 90 lines, but for those that ARCHITECTURE.md gives a reason for", () => {
    const long = ["matches", "targets"].flatMap((folder) =>
      filesOf(folder)
        .filter((file) => linesOf(`src/extensions/${folder}/${file}`) > 90)
        .map((file) => `${folder}/${file}`),
    );
    expect(long).to.deep.equal([
      "matches/hashlimit.ts",
      "matches/recent.ts",
      "targets/hmark.ts",
      "targets/set.ts",
    ]);
  });

  for (const [kind, extensions] of [["match", matches] as const, ["target", targets] as const]) {
    it(`gives no name to two: ${kind}`, () => {
      const names = extensions.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
      expect(names).to.deep.equal([...new Set(names)]);
    });
  }
});
