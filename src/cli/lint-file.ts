import { relative } from "node:path";
import { analyse } from "../analyse/analyse.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type LintChoice, type LintResult, lint } from "../lint/run.ts";
import type { Backend } from "../model/hooks.ts";
import { parseRuleset } from "../model/parse-ruleset.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import { parseText } from "../syntax/parse.ts";

/** A text to lint, under the name that its findings carry. */
export interface LintText {
  readonly name: string;
  readonly text: string;
  readonly family: Family;
  /** Whether the user named the family: then nothing is looked at but its rules. */
  readonly familyTold: boolean;
  readonly backend: Backend;
}

/** The rule sets of a text: two where it is a script that runs both programs. */
export interface LintHalf {
  readonly ruleset: Ruleset;
  readonly diagnostics: readonly Diagnostic[];
}

export function halvesOf({ name, text, family, familyTold }: LintText): readonly LintHalf[] {
  const halfOf = (which: Family): LintHalf => parseRuleset(text, { family: which, filename: name });
  if (familyTold || !runsBoth(name, text)) return [halfOf(family)];
  return [halfOf("ipv4"), halfOf("ipv6")];
}

function runsBoth(name: string, text: string): boolean {
  if (!/\bip6tables/.test(text) || !/\biptables/.test(text)) return false;
  const { tree } = parseText({ name, text });
  const programs = new Set(
    tree.nodes.map((node) => (node.kind === "command" || node.kind === "restore" ? node.program : undefined)),
  );
  return tree.form === "script" && programs.has("iptables") && programs.has("ip6tables");
}

/** Lints a text with all that it holds. */
export function lintFile(
  about: LintText,
  halves: readonly LintHalf[],
  choice: LintChoice,
  keep: readonly string[],
): LintResult {
  const source = { name: about.name, text: about.text };
  const contexts = halves.map(({ ruleset, diagnostics }, index) => ({
    ruleset,
    diagnostics,
    source,
    sibling: halves.length === 2 ? halves[1 - index]?.ruleset : undefined,
    keep,
    backend: about.backend,
    analysis: () => analyse(ruleset, { backend: about.backend }),
  }));
  return lint(contexts, choice);
}

/** A path as reports show it: relative to the folder that the command runs in, where it lies below. */
export function shownPath(path: string, directory: string): string {
  if (path === "-") return "stdin";
  const near = path.startsWith("/") ? relative(directory, path) : path.replace(/^(?:\.\/+)+/, "");
  return near === "" || near.startsWith("..") ? path : near;
}
