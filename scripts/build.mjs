// Builds dist/: the library (tsc: ESM and type declarations) and the command line, bundled (esbuild): one file, and chunks
// of what only some commands load. With --if-stale it does nothing where dist/ is newer than what it is made of: npm runs
// `prepare` once for `npm ci` and once more for the first `npx netverdict`.
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
/** When a file, or anything in a folder, last changed, in milliseconds. */
function changed(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changed(`${path}/${name}`)));
}

const bundle = "dist/netverdict.js";
const sources = ["src", "grammar", "scripts/build.mjs", "package.json", "package-lock.json"];
if (process.argv.includes("--if-stale") && changed(bundle) > Math.max(...sources.map(changed)))
  process.exit();

rmSync("dist", { recursive: true, force: true });

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (status !== 0) process.exit(1);

await build({
  entryPoints: ["src/cli/main.ts"],
  outdir: "dist",
  entryNames: "netverdict",
  chunkNames: "cli/[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  // names in stack traces are all that a fault of ours has to say for itself
  keepNames: true,
  platform: "node",
  format: "esm",
  target: "node20",
  legalComments: "none",
  banner: {
    // commander and yaml are CommonJS inside: they call `require` for Node's own modules
    js: 'import{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);',
  },
});
chmodSync(bundle, 0o755);
