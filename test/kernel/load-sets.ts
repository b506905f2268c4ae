import { spawnSync } from "node:child_process";

const ipset = (args: readonly string[], input = "") => spawnSync("ipset", args, { input, encoding: "utf8" });

/** A list holds its members as long as it has them. */
function destroyAll(): void {
  ipset(["flush"]);
  ipset(["destroy"]);
}

/**
 * Makes sets of `ipset restore` text and gives the text that was taken: lines that ipset or the kernel refuses are left
 * out of it.
 */
export function loadSets(text: string): string {
  if (ipset(["restore"], text).status === 0) return text;
  destroyAll();
  const taken = text
    .split("\n")
    .filter((line) => line.trim() !== "" && ipset(["restore"], `${line}\n`).status === 0);
  destroyAll();
  const left = `${taken.join("\n")}\n`;
  const { status, stderr } = ipset(["restore"], left);
  if (status !== 0) throw new Error(`sets do not load: ${stderr}`);
  return left;
}
