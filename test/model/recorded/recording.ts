import type { Family } from "../../../src/packet/address.ts";

/** What iptables-legacy 1.8.9 on Linux 6.18 did with some lines on empty tables. */
export interface RecordedCase {
  readonly name: string;
  /** Script: the words behind the program's name. Save: the lines of a file for `iptables-restore -c`. */
  readonly lines: readonly string[];
  /** By 0-based line: what iptables said when it refused. A restore that is refused has its last message at line -1. */
  readonly refused?: Readonly<Record<string, string>>;
  /** The lines of `iptables-legacy-save -c` afterwards, comments left out. */
  readonly saved?: readonly string[];
  /** Why we answer otherwise on purpose; such a case is checked for its saved text only. */
  readonly differs?: string;
}

export interface RecordedFile {
  readonly family: Family;
  readonly form: "script" | "save";
  readonly cases: readonly RecordedCase[];
}

/** iptables' message without its name and version, hints and line ends. */
export function plainMessage(stderr: string): string {
  return stderr
    .split("\n")
    .filter(
      (line) =>
        !/^(Try `|Error occurred at|Perhaps iptables or your|Warning: |Ignoring |Notice: |# )/.test(line),
    )
    .join("\n")
    .replace(/^ip6?tables(-restore)?( v[0-9.]+ \(legacy\))?: /, "")
    .replace(/^iptables-restore: /, "")
    .replace(/ line \d+: /, ": ")
    .trim();
}
