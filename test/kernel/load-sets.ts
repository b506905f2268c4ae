import { spawnSync } from "node:child_process";

const ipset = (args: readonly string[], input = "") => spawnSync("ipset", args, { input, encoding: "utf8" });

/** A list holds its members as long as it has them. */
function destroyAll(): void {
  ipset(["flush"]);
  ipset(["destroy"]);
}

/** Sets that were made. */
interface MadeSets {
  /** The `ipset restore` text that was taken. */
  readonly text: string;
  /** When it was, in seconds since 1970: their time-outs run from then on. */
  readonly at: number;
}

/** Makes sets of `ipset restore` text. Lines that ipset or the kernel refuses are left out of what was taken. */
export function loadSets(text: string): MadeSets {
  const now = () => Date.now() / 1000;
  if (ipset(["restore"], text).status === 0) return { text, at: now() };
  destroyAll();
  const taken = text
    .split("\n")
    .filter((line) => line.trim() !== "" && ipset(["restore"], `${line}\n`).status === 0);
  destroyAll();
  const left = `${taken.join("\n")}\n`;
  const { status, stderr } = ipset(["restore"], left);
  if (status !== 0) throw new Error(`sets do not load: ${stderr}`);
  return { text: left, at: now() };
}
