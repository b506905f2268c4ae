// Builds dist/: the library (tsc: ESM and type declarations) and the command line, bundled (esbuild): one file, and chunks
// of what only some commands load, worker threads among it. With --if-stale it does nothing where dist/ is newer than what it is made of: npm runs
// `prepare` once for `npm ci` and once more for the first `npx netverdict`.
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { bundleOptions } from "./bundle-options.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
/** When a file, or anything in a folder, last changed, in milliseconds. */
function changed(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changed(`${path}/${name}`)));
}

/**
 * `npm install -g git+…`, as pre-commit does it, prepares a clone with `global` still set, so that what the build needs is not
 * installed into the clone.
 */
function installTools() {
  if (statSync("node_modules/esbuild", { throwIfNoEntry: false })) return;
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_config_(?:global|location|prefix|omit)$/i.test(name),
    ),
  );
  const command = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", command, { stdio: "inherit", env });
  if (status !== 0) process.exit(1);
}

const bundle = "dist/netverdict.js";
const sources = [
  "src",
  "grammar",
  "scripts/build.mjs",
  "scripts/bundle-options.mjs",
  "package.json",
  "package-lock.json",
];
if (process.argv.includes("--if-stale") && changed(bundle) > Math.max(...sources.map(changed)))
  process.exit();

installTools();
rmSync("dist", { recursive: true, force: true });

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (status !== 0) process.exit(1);

const { build } = await import("esbuild");
await build({ ...bundleOptions, outdir: "dist" });
chmodSync(bundle, 0o755);
