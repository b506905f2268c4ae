// Builds dist/: the library (tsc: ESM and type declarations) and the command line, bundled (esbuild): one file, and chunks
// of what only some commands load.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });

if (existsSync("src/index.ts")) {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { stdio: "inherit" });
}

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
chmodSync("dist/netverdict.js", 0o755);

// npx runs what is in node_modules/.bin; npm links the commands of dependencies there, a package's own it does not
const bin = "node_modules/.bin/netverdict";
if (existsSync("node_modules/.bin")) {
  rmSync(bin, { force: true });
  if (process.platform === "win32")
    writeFileSync(`${bin}.cmd`, '@node "%~dp0\\..\\..\\dist\\netverdict.js" %*\r\n');
  else symlinkSync("../../dist/netverdict.js", bin);
}
