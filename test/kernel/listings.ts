import type { Effects } from "../../src/evaluate/recording.ts";
import { run } from "./commands.ts";

const border = "-- connections";

/** What `iptables-save -c` (by the name it has here) and `conntrack -L` list, asked for in one go. */
export function lookAt(
  save: string,
  family: "ipv4" | "ipv6",
): { readonly rules: string[]; readonly connections: string[] } {
  const text = run("sh", ["-c", `${save} -c; echo "${border}"; conntrack -L -f ${family}`]);
  const [rules = "", connections = ""] = text.split(`${border}\n`);
  return { rules: saveLines(rules), connections: connectionLines(connections) };
}

/** Without comments. */
const saveLines = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

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

/** Sorted, without `use=` and with single blanks. */
const connectionLines = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line
        .replace(/ use=\d+/, "")
        .replace(/ +/g, " ")
        .trim(),
    )
    .sort();
