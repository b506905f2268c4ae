import type { Family } from "../packet/address.ts";
import type { DiffResult } from "../report/diff.ts";
import type { JsonObject } from "../report/trace-json.ts";
import { styleFor } from "./colour.ts";
import { type BackendOptions, type FamilyOptions, type OutputOptions, toldFamily } from "./common-options.ts";
import { leftOut, loadRules, printErrors } from "./load-rules.ts";
import { printFor } from "./print-report.ts";
import type { Terminal } from "./terminal.ts";

export interface CompareOptions extends FamilyOptions, BackendOptions, Pick<OutputOptions, "color"> {
  /** Groups of packets to show at most; 0 is all. */
  readonly limit: number;
  readonly verbose?: true;
}

export interface ComparedFiles {
  readonly result: DiffResult;
  readonly family: Family;
}

/** Compares two files. Throws `UsageError` where one cannot be read. */
export async function compareFiles(
  oldPath: string,
  newPath: string,
  options: CompareOptions,
  terminal: Terminal,
): Promise<ComparedFiles> {
  const old = await loadRules(oldPath, toldFamily(options), terminal);
  const next = await loadRules(newPath, toldFamily(options) ?? old.family, terminal);
  for (const loaded of [old, next]) printErrors(loaded, options.color, terminal);
  const { compareRulesets } = await import("../analyse/diff-compare.ts");
  const { limit, backend } = options;
  const compared = compareRulesets(old.ruleset, next.ruleset, { limit, backend, now: terminal.now() });
  const result = {
    ...compared,
    old: old.name,
    new: next.name,
    assumptions: [...leftOut(old), ...leftOut(next), ...compared.assumptions],
  };
  return { result, family: old.family };
}

/** Columns of the traces side by side where nobody says how wide the terminal is. */
const usualWidth = 160;

export async function textOf(
  result: DiffResult,
  family: Family,
  { color, verbose }: CompareOptions,
  terminal: Terminal,
): Promise<string> {
  const { diffText } = await import("../report/diff-text.ts");
  const columns = Number(terminal.environment["COLUMNS"]);
  const width = Number.isInteger(columns) && columns > 60 ? columns : usualWidth;
  const style = styleFor(color, terminal, "out");
  return diffText(result, { style, printRule: printFor(family), verbose: verbose === true, width });
}

export async function jsonOf(result: DiffResult, family: Family): Promise<JsonObject> {
  const { diffJson } = await import("../report/diff-json.ts");
  return diffJson(result, printFor(family));
}

export async function markdownOf(result: DiffResult, family: Family): Promise<string> {
  const { diffMarkdown } = await import("../report/diff-markdown.ts");
  return diffMarkdown(result, printFor(family));
}
