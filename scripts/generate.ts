import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as diagnostics from "./docs-diagnostics.ts";
import * as extensions from "./docs-extensions.ts";
import { rulePages } from "./docs-rules.ts";
import type { Generated } from "./generated.ts";
import { grammarFiles } from "./grammar-files.ts";
import * as policySchema from "./schema-policy.ts";

/** Writes every generated file of the repository. A module with `path` and `produce` is one; add it to this list. */
const generated: readonly Generated[] = [
  ...grammarFiles,
  diagnostics,
  extensions,
  policySchema,
  ...rulePages,
];

for (const { path, produce } of generated) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, produce());
  console.log(path);
}
