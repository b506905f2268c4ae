import { printRule } from "../model/print-rule.ts";
import type { Family } from "../packet/address.ts";
import type { PrintFor, PrintRule } from "../report/rule-view.ts";
import type { Style } from "../report/style.ts";
import type { JsonObject } from "../report/trace-json.ts";
import { styleFor } from "./colour.ts";
import type { OutputOptions } from "./common-options.ts";
import { jsonText } from "./json-text.ts";
import type { Terminal } from "./terminal.ts";

/** Rules in reports look as iptables-save prints them. */
export const printFor: PrintFor = (family) => (rule, chain) => printRule(rule, chain, family);

export interface TextOptions {
  readonly style: Style;
  readonly printRule: PrintRule;
  readonly verbose: boolean;
}

/** A result's forms; each is loaded only where it is asked for. */
export interface ReportForms<Result> {
  readonly json: () => Promise<(result: Result, printRule: PrintRule) => JsonObject>;
  readonly text: () => Promise<(result: Result, options: TextOptions) => string>;
}

/** Prints a result about rules of one family as `--format`, `--color` and `--verbose` say. */
export async function printReport<Result>(
  result: Result,
  family: Family,
  forms: ReportForms<Result>,
  { format, color, verbose }: OutputOptions & { readonly verbose?: true },
  terminal: Terminal,
): Promise<void> {
  const printRule = printFor(family);
  if (format === "json") {
    terminal.out(jsonText((await forms.json())(result, printRule)));
    return;
  }
  const style = styleFor(color, terminal, "out");
  terminal.out((await forms.text())(result, { style, printRule, verbose: verbose === true }));
}
