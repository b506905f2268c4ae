import { spawnSync } from "node:child_process";
import type { Effects } from "../../src/evaluate/recording.ts";
import { run } from "./commands.ts";

/** The lines of `iptables-save -c` (by the name it has here) without comments. */
export const saveLines = (save: string): string[] =>
  run(save, ["-c"])
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

/** The lines that changed, with the tables they are in. Both lists are of the same rules. */
export function changedLines(before: readonly string[], after: readonly string[]): Effects["counters"] {
  let table = "";
  return after
    .map((line) => {
      if (line.startsWith("*")) table = line.slice(1);
      return [table, line] as const;
    })
    .filter(([, line], index) => line !== before[index]);
}

/** `conntrack -L`, sorted, without `use=` and with single blanks. */
export function connectionLines(family: "ipv4" | "ipv6"): string[] {
  const { stdout } = spawnSync("conntrack", ["-L", "-f", family], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line
        .replace(/ use=\d+/, "")
        .replace(/ +/g, " ")
        .trim(),
    )
    .sort();
}
