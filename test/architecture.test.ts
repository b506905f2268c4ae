import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect } from "chai";

/** What ARCHITECTURE.md promises about the source as a whole. */

/** The order of the folders: a file may import from its own folder and from earlier ones. */
const layers = [
  "diagnostics",
  "packet",
  "formula",
  "syntax",
  "arg-types",
  "extensions",
  "model",
  "host",
  "conntrack",
  "evaluate",
  "analyse",
  "lint",
  "capture",
  "report",
  "cli",
];

const typeScriptFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort();

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^(\s*|.*[\s;{}(),])\/\/.*$/gm, "$1");

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly code: string;
  /** What it imports: paths from the repository's root, or package names. */
  readonly imports: readonly string[];
}

function read(path: string): SourceFile {
  const text = readFileSync(path, "utf8");
  const code = withoutComments(text);
  const found = [
    ...code.matchAll(/^(?:import|export)\b[^;"]*\bfrom "([^"]+)"/gm),
    ...code.matchAll(/^import "([^"]+)"/gm),
    ...code.matchAll(/\bimport\("([^"]+)"\)/g),
  ];
  const imports = found.map(([, name = ""]) =>
    name.startsWith(".") ? normalize(join(dirname(path), name)) : name,
  );
  return { path, text, code, imports };
}

const src = typeScriptFiles("src").map(read);
const grammar = typeScriptFiles("grammar")
  .filter((path) => !path.includes("generated"))
  .map(read);
const layerOf = (path: string): string => path.split("/")[1] ?? "";
const belowCli = src.filter((file) => layerOf(file.path) !== "cli");

describe("architecture", () => {
  it("reads the whole source", () => {
    expect(src.length).to.be.above(20);
    expect(new Set(src.map((file) => layerOf(file.path)))).to.include.keys(
      "packet",
      "extensions",
      "evaluate",
    );
  });

  it("has only folders that the order names", () => {
    const known = new Set([...layers, "index.ts"]);
    expect(src.filter((file) => !known.has(layerOf(file.path))).map((file) => file.path)).to.deep.equal([]);
  });

  it("imports one way: from earlier folders only", () => {
    const wrong: string[] = [];
    for (const file of src) {
      const own = layers.indexOf(layerOf(file.path));
      if (own < 0) continue;
      for (const target of file.imports.filter((name) => name.startsWith("src/"))) {
        if (layers.indexOf(layerOf(target)) > own) wrong.push(`${file.path} imports ${target}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it("lets only syntax use the grammar", () => {
    const wrong = src.filter(
      (file) => layerOf(file.path) !== "syntax" && file.imports.some((name) => name.startsWith("grammar/")),
    );
    expect(wrong.map((file) => file.path)).to.deep.equal([]);
  });

  it("keeps the grammar pure: it imports chevrotain and itself", () => {
    const foreign = grammar.flatMap((file) =>
      file.imports
        .filter((name) => name !== "chevrotain" && !name.startsWith("grammar/"))
        .map((name) => `${file.path} imports ${name}`),
    );
    expect(foreign).to.deep.equal([]);
  });

  it("keeps option names out of the grammar", () => {
    const named = grammar.filter((file) => /"--(?!["\s]*$)[a-z]/m.test(file.code)).map((file) => file.path);
    expect(named).to.deep.equal([]);
  });

  it("keeps each package in its room", () => {
    const rooms: Readonly<Record<string, readonly string[]>> = {
      chevrotain: ["syntax"],
      "ipaddr.js": ["packet"],
      "lru-cache": ["capture", "evaluate", "model"],
      commander: ["cli"],
      tinypool: ["cli"],
      yaml: ["cli"],
      zod: ["cli"],
      "package.json": ["cli"],
    };
    const wrong = src.flatMap((file) =>
      file.imports
        .filter((name) => !name.startsWith("src/") && !name.startsWith("grammar/"))
        .filter((name) => !(rooms[name]?.includes(layerOf(file.path)) || name.startsWith("node:")))
        .map((name) => `${file.path} imports ${name}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("has no clock, chance, file, network or console below cli/", () => {
    const forbidden: readonly [RegExp, string][] = [
      [/\bDate\.now\b/, "Date.now"],
      [/\bnew Date\(\s*\)/, "new Date()"],
      [/\bperformance\./, "performance"],
      [/\bMath\.random\b/, "Math.random"],
      [/(?<![.\w])crypto\./, "crypto"],
      [/(?<![.\w"`'-])process\./, "process"],
      [/(?<![.\w])console\./, "console"],
      [/(?<![.\w])(?:setTimeout|setInterval|setImmediate|fetch)\(/, "a timer or fetch"],
      [/(?<![.\w])Buffer\b/, "Buffer"],
      [/"node:/, "a module of Node's"],
    ];
    const wrong = belowCli.flatMap((file) =>
      forbidden.filter(([pattern]) => pattern.test(file.code)).map(([, what]) => `${file.path} uses ${what}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("has no file over 400 lines", () => {
    const files = [
      ...src,
      ...grammar,
      ...typeScriptFiles("test").map(read),
      ...typeScriptFiles("scripts").map(read),
    ];
    const long = files.filter((file) => file.text.split("\n").length > 401).map((file) => file.path);
    expect(long).to.deep.equal([]);
  });

  it("has no silenced type check", () => {
    const silenced = [...src, ...grammar].filter(
      ({ text, code }) => /@ts-(?:ignore|expect-error|nocheck)/.test(text) || /\bas any\b/.test(code),
    );
    expect(silenced.map((file) => file.path)).to.deep.equal([]);
  });
});
