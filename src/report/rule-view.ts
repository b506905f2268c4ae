import type { RulePlace } from "../evaluate/trace.ts";
import type { Rule } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";

/** A rule as every report shows it. */
export interface RuleView {
  /** The file that it was read from; absent for a rule that no text gave. */
  readonly file?: string;
  readonly line?: number;
  /** As iptables-save prints it, without counters. */
  readonly text: string;
  readonly table: string;
  readonly chain: string;
  /** 1-based, as `iptables -L --line-numbers` counts. */
  readonly number: number;
}

/** Gives a rule's text: `-A CHAIN …`. */
export type PrintRule = (rule: Rule, chain: string) => string;

/** Gives the printer for the rules of a family. */
export type PrintFor = (family: Family) => PrintRule;

export function viewRule(rule: Rule, place: RulePlace, printRule: PrintRule): RuleView {
  const { table, chain, number } = place;
  const { origin } = rule;
  return {
    ...(origin ? { file: origin.source.name, line: origin.line } : {}),
    text: printRule(rule, chain),
    table,
    chain,
    number,
  };
}
