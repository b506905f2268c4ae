/** How long the analyses of all packets take on a campus-like rule set, each as a whole process of the built command line. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { campusRuleset } from "./campus-ruleset.ts";

const program = "dist/netverdict.js";
const seed = 20261121;

/** `user` seconds count where others use the machine as well; the process says what it took at most (getrusage, in KB). */
const reporter = `process.on("exit", () => {
  const { userCPUTime, maxRSS } = process.resourceUsage();
  require("node:fs").writeSync(3, JSON.stringify({ user: userCPUTime / 1e6, megabytes: maxRSS / 1024 }));
});`;

/** One line: what one command took. */
function measured(title: string, words: readonly string[], folder: string): string {
  const preload = join(folder, "report.cjs");
  writeFileSync(preload, reporter);
  const start = performance.now();
  const { status, stderr, output } = spawnSync(process.execPath, ["--require", preload, program, ...words], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0 && status !== 1) throw new Error(`${title}: ${stderr}`);
  const used: { readonly user: number; readonly megabytes: number } = JSON.parse(output[3] ?? "{}");
  return `${title.padEnd(34)} ${seconds.toFixed(2)} s, ${used.user.toFixed(2)} s of one processor, ${used.megabytes.toFixed(0)} MB`;
}

/** lint, diff, find and check of a generated rule set of `count` rules. */
export function benchSets(count: number): void {
  if (!existsSync(program)) {
    console.log(`analyses of all packets:             skipped, \`npm run build\` makes ${program}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "netverdict-bench-"));
  try {
    const text = campusRuleset(count, seed);
    const old = join(folder, "old.save");
    const changed = join(folder, "new.save");
    writeFileSync(old, text);
    const lines = text.split("\n");
    const at = lines.findIndex((line) => line.startsWith("-A to_12 "));
    lines[at] = lines[at]?.replace("-j ACCEPT", "-j DROP") ?? "";
    writeFileSync(changed, lines.join("\n"));
    const policy = join(folder, "policy.yaml");
    const check = '"-i eth1.100 -o eth1.101 -s 127.0.0.0/8 -m state --state NEW"';
    writeFileSync(
      policy,
      `version: 1\nrules: old.save\nchecks:\n  - name: no loopback\n    deny: ${check}\n`,
    );
    const words = ["-i", "eth1.100", "-o", "eth1.101", "-p", "tcp", "--dport", "22"];
    console.log(
      `analyses of all packets, ${lines.filter((line) => line.startsWith("-A")).length} rules, whole processes:`,
    );
    for (const [title, ...command] of [
      ["lint", "lint", "--no-config", old],
      ["diff, one rule changed", "diff", old, changed],
      ["find, told interfaces and port", "find", old, "--verdict", "ACCEPT", "--", ...words],
      ["find, any packet", "find", old, "--verdict", "ACCEPT"],
      ["check of one assertion", "check", policy],
    ] as const) {
      console.log(`  ${measured(title, command, folder)}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
