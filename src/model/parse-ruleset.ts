import type { SetNames } from "../arg-types/arg-type.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Family } from "../packet/address.ts";
import { loadText, type WatchCommand } from "./load.ts";
import type { Ruleset } from "./ruleset.ts";

export interface ParseOptions {
  /** Of a script that has both, only this family's commands count. */
  readonly family: Family;
  /** What diagnostics call the text. */
  readonly filename?: string;
  /** The host's ipsets: a rule with another name is refused, as iptables does. Any name will do where they are not told. */
  readonly sets?: SetNames | undefined;
  /** Told what the rules are after each command of a script. */
  readonly watch?: WatchCommand;
}

/**
 * Reads an iptables-save dump, or a script of iptables commands, on empty tables. Never throws: what is wrong with a line is
 * a diagnostic, in the order of the text, and the other lines count.
 */
export function parseRuleset(
  text: string,
  { family, filename = "rules", sets, watch }: ParseOptions,
): { readonly ruleset: Ruleset; readonly diagnostics: readonly Diagnostic[] } {
  const { ruleset, diagnostics } = loadText({ name: filename, text }, family, sets, watch);
  return { ruleset, diagnostics: [...diagnostics].sort((a, b) => a.span.start - b.span.start) };
}
