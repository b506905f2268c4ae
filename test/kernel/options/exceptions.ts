import type { OptionLine } from "./option-lines.ts";

interface Difference {
  readonly line: OptionLine;
  readonly theirs: string;
  readonly ours: string;
}

const named = (text: string, options: string): boolean =>
  new RegExp(`--(?:${options})[a-z-]*[ =](?!['"]?[0-9+ ]*(?:[-:][0-9]*)?['"]?(?: |$))`).test(text);

/** What is known to differ, each with its reason in docs/conformance.md. */
const exceptions: readonly (readonly [name: string, holds: (difference: Difference) => boolean])[] = [
  [
    "the number of a user or group that is given by name",
    ({ line: { extension, rule } }) => extension === "-m owner" && named(rule, "uid-o|gid-o|u|g"),
  ],
  [
    "a connection label that is given by name",
    ({ line: { extension }, theirs }) =>
      extension === "-m connlabel" && theirs.endsWith("not found or invalid value"),
  ],
  ["a pinned program that this host has not", ({ theirs }) => theirs.endsWith("failed to get bpf object")],
  [
    "a directory that this host's cgroup tree has not",
    ({ line: { extension, rule }, theirs }) =>
      extension === "-m cgroup" && /--pa?t?h?[ =]/.test(rule) && theirs.includes("tables: Invalid argument"),
  ],
];

export const exceptionFor = (difference: Difference): string | undefined =>
  exceptions.find(([, holds]) => holds(difference))?.[0];
