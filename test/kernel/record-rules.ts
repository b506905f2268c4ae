/**
 * Asks iptables-legacy and the running kernel what they make of each rule in fixtures/extensions/*.json, and writes the
 * answers into the files. Runs as `unshare -n node --import tsx test/kernel/record-rules.ts FILE...`, as root.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A rule, where it stands, and what was recorded of it (test/extensions/goldens.test.ts). */
interface Recorded {
  readonly rule: string;
  readonly family?: "ipv4" | "ipv6";
  readonly at?: string;
  readonly saves?: string;
  readonly error?: string;
  readonly ours?: string;
}

const sh = (command: string) => spawnSync("sh", ["-c", command], { encoding: "utf8" });

/** The first line of a complaint without the program's version; `iptables: ` stays, with which the kernel's refusals start. */
const firstLine = (stderr: string): string =>
  stderr
    .replace(/^(WARNING: |--set option deprecated).*\n/, "")
    .replace(/^ip6?tables v\S+ \(legacy\): /, "")

    .split("\n")
    .find((line) => line.trim() !== "") ?? "";

function ask({ saves: _saves, error: _error, ...trial }: Recorded): Recorded {
  const { rule, family = "ipv4", at = "filter/INPUT" } = trial;
  const [table, chain] = at.split("/");
  const program = family === "ipv4" ? "iptables-legacy" : "ip6tables-legacy";
  const added = sh(`${program} -t ${table} -A ${chain} ${rule}`);
  if (added.status !== 0) return { ...trial, error: firstLine(added.stderr) };
  const saved = sh(`${program}-save -t ${table}`).stdout.split("\n");
  sh(`${program} -t ${table} -F ${chain}`);
  const start = `-A ${chain}`;
  const line = saved.find((each) => each.startsWith(start)) ?? start;
  return { ...trial, saves: line.slice(start.length + 1) };
}

// the sets that goldens name
sh(`ipset restore < ${fileURLToPath(new URL("../../fixtures/ipset/golden-sets.txt", import.meta.url))}`);
for (const file of process.argv.slice(2)) {
  const goldens = JSON.parse(readFileSync(file, "utf8")) as Recorded[];
  const lines = goldens.map((golden) => `  ${JSON.stringify(ask(golden))}`);
  writeFileSync(file, `[\n${lines.join(",\n")}\n]\n`);
}
