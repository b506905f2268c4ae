/**
 * `npm run test:kernel -- [--seed SEED] [--scenarios N] [--family ipv4|ipv6] [--backend legacy|nft] [--jobs N] [--keep DIR]
 * [--figures FILE] [mocha's options]`: holds the machine against the running kernel. Without a seed, the clock gives one; the
 * tests print it. With a family or a backend, the first N of the seed's scenarios that have it are asked.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { asEnvironment, choices, type SettingName, settingNames } from "./arguments.ts";

const options = Object.fromEntries(settingNames.map((name) => [name, { type: "string" }] as const)) as Record<
  SettingName,
  { type: "string" }
>;

function main(): number {
  const { values, tokens } = parseArgs({
    args: process.argv.slice(2),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const ours: Partial<Record<SettingName, string>> = { seed: String(Date.now()) };
  for (const name of settingNames) {
    const value = values[name];
    if (typeof value === "string") ours[name] = value;
  }
  for (const name of ["scenarios", "jobs"] as const) {
    if (ours[name] !== undefined && !/^[1-9]\d*$/.test(ours[name])) {
      console.error(`test:kernel: --${name} wants a number above 0, not \`${ours[name]}\``);
      return 2;
    }
  }
  for (const name of ["family", "backend"] as const) {
    const value = ours[name];
    if (value !== undefined && !choices[name].some((choice) => choice === value)) {
      console.error(`test:kernel: --${name} wants ${choices[name].join(" or ")}, not \`${value}\``);
      return 2;
    }
  }
  const others = tokens.flatMap((token) => {
    if (token.kind === "positional") return [token.value];
    if (token.kind !== "option" || settingNames.some((name) => name === token.name)) return [];
    return [token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`];
  });
  const given = ["--spec", "test/kernel/**/*.kernel.ts"];
  const { status } = spawnSync(
    process.execPath,
    [
      "node_modules/mocha/bin/mocha.js",
      ...["--no-config", "--node-option", "import=tsx", "--node-option", "no-experimental-require-module"],
      ...["--timeout", "0"],
      ...(others.includes("--spec") ? [] : given),
      ...others,
    ],
    { stdio: "inherit", env: { ...process.env, ...asEnvironment(ours) } },
  );
  return status ?? 1;
}

process.exitCode = main();
