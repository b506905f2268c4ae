/** `npm run new:match NAME`, `npm run new:target NAME`: a file for a new extension and its lines in the registry. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const registryPath = "src/extensions/registry.ts";

interface Kind {
  readonly folder: "matches" | "targets";
  /** What tells this kind's variable from one of the other kind, or from a word of the language. */
  readonly suffix: "Match" | "Target";
  template(name: string, variable: string): string;
}

const kinds: Readonly<Record<string, Kind>> = {
  match: {
    folder: "matches",
    suffix: "Match",
    template: (name, variable) => `import { always } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";

/** \`-m ${name}\`: … (xt_${name}.c, iptables-extensions(8)). */
export const ${variable} = defineMatch({
  name: "${name}",
  summary: "…",
  options: {},
  meaning: () => always,
  examples: [
    { rule: "-m ${name}", saves: "=" },
    { rule: "-m ${name}", packet: "-p tcp -s 192.0.2.1 -d 198.51.100.1 --syn", matches: true },
  ],
});
`,
  },
  target: {
    folder: "targets",
    suffix: "Target",
    template: (name, variable) => `import { defineTarget } from "../extension.ts";

/** \`-j ${name}\`: … (xt_${name}.c, iptables-extensions(8)). */
export const ${variable} = defineTarget({
  name: "${name}",
  summary: "…",
  options: {},
  effects: () => [],
  examples: [{ rule: "-j ${name}", saves: "=" }],
});
`,
  },
};

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/[^a-z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase());

const reserved = new Set([
  "return",
  "default",
  "new",
  "delete",
  "in",
  "switch",
  "case",
  "this",
  "class",
  "function",
]);

/** Adds the import behind the last one of its folder and the name at the end of its list. */
function register(registry: string, { folder }: Kind, file: string, variable: string): string {
  const importLine = `import { ${variable} } from "./${folder}/${file}.ts";`;
  const imports = [...registry.matchAll(/^import .*$/gm)];
  const last = imports.filter(([line]) => line.includes(`./${folder}/`)).at(-1) ?? imports.at(-1);
  if (!last) throw new Error(`${registryPath} has no imports`);
  const at = last.index + last[0].length;
  const imported = `${registry.slice(0, at)}\n${importLine}${registry.slice(at)}`;
  const list = new RegExp(`(export const ${folder}: [^=]*= \\[)([^\\]]*)\\]`);
  if (!list.test(imported)) throw new Error(`${registryPath} has no list \`${folder}\``);
  return imported.replace(list, (_, head: string, names: string) => {
    const kept = names.trim().replace(/,$/, "");
    return `${head}${kept === "" ? "" : `\n  ${kept},`}\n  ${variable},\n]`;
  });
}

function main(kindName: string, name: string): void {
  const kind = kinds[kindName];
  if (!kind || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    console.error("usage: npm run new:match NAME, npm run new:target NAME");
    process.exitCode = 2;
    return;
  }
  const file = name.toLowerCase();
  const path = `src/extensions/${kind.folder}/${file}.ts`;
  if (existsSync(path)) {
    console.error(`${path} exists already`);
    process.exitCode = 1;
    return;
  }
  const registry = readFileSync(registryPath, "utf8");
  const plain = camelCase(name);
  const taken = reserved.has(plain) || new RegExp(`[{ ]${plain} }`).test(registry);
  const variable = taken ? `${plain}${kind.suffix}` : plain;
  writeFileSync(path, kind.template(name, variable));
  writeFileSync(registryPath, register(registry, kind, file, variable));
  console.log(`Wrote ${path} and its lines in ${registryPath}. Next:
  1. Declare the options in iptables-save's order, with argument types of src/arg-types/.
  2. Say what it does: \`${kind.folder === "matches" ? "meaning" : "effects"}\`. Ask the kernel where you are not sure: unshare -n iptables-legacy …
  3. Examples: one that saves, one that is refused, packets that match and that do not. They are the tests.
  4. npm run format && npm run generate && npm test`);
}

main(process.argv[2] ?? "", process.argv[3] ?? "");
