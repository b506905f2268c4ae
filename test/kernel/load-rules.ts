import { spawnSync } from "node:child_process";

export type Refused = readonly [table: string, line: string, message: string];

/** Loads rules; where iptables or the kernel refuses one, that one is taken out and the rest is tried again. */
export function loadRules(restore: string, text: string): Refused[] {
  const refused: Refused[] = [];
  const lines = text.split("\n");
  for (;;) {
    const { status, stderr } = spawnSync(restore, [], { input: lines.join("\n"), encoding: "utf8" });
    if (status === 0) return refused;
    const number = Number(/line:? (\d+)/.exec(stderr)?.[1] ?? 0);
    let at = number - 1;
    if (lines[at] === "COMMIT") at = culprit(restore, lines, at);
    const line = lines[at];
    if (line === undefined || !/^[-[]/.test(line)) throw new Error(`rules do not load: ${stderr}`);
    const table = lines.slice(0, at).findLast((other) => other.startsWith("*")) ?? "";
    refused.push([table.slice(1), line, stderr.trim()]);
    lines.splice(at, 1);
  }
}

/** The kernel refuses at COMMIT without saying which rule: the first one whose prefix of the table does not load. */
function culprit(restore: string, lines: readonly string[], commit: number): number {
  const start = lines
    .slice(0, commit)
    .map((line) => line.startsWith("*"))
    .lastIndexOf(true);
  for (let end = start + 1; end < commit; end++) {
    if (!/^[-[]/.test(lines[end] ?? "")) continue;
    const chains = lines.slice(start, commit).filter((line) => line.startsWith("*") || line.startsWith(":"));
    const rules = lines.slice(start, end + 1).filter((line) => /^[-[]/.test(line));
    const input = [...chains, ...rules, "COMMIT", ""].join("\n");
    if (spawnSync(restore, ["--test"], { input }).status !== 0) return end;
    if (spawnSync(restore, [], { input }).status !== 0) return end;
  }
  return -1;
}
