import type { Family } from "../packet/address.ts";
import { printCounters, printRule, printRuleSpecification } from "./print-rule.ts";
import type { Chain, Ruleset, Table } from "./ruleset.ts";

export interface PrintOptions {
  /** Keep the counters, as iptables-save -c does; else rules have none and policies `[0:0]`. */
  readonly counters?: boolean;
  /** Keep the order in which the tables were loaded; iptables-save prints the newest table first. */
  readonly fileOrder?: boolean;
}

/** How many UTF-16 units a piece of text has at least, but for the last one of a table. */
const pieceLength = 1 << 16;

function* tablePieces(table: Table, family: Family, counters: boolean): Generator<string> {
  let text = `*${table.name}\n`;
  for (const chain of table.chains.values()) {
    const shown = counters && chain.hook ? printCounters(chain.counters) : "[0:0]";
    text += `:${chain.name} ${chain.policy ?? "-"} ${shown}\n`;
  }
  for (const { name, rules } of table.chains.values()) {
    for (const rule of rules) {
      if (counters) text += `${printCounters(rule.counters)} `;
      text += `${printRule(rule, name, family)}\n`;
      if (text.length < pieceLength) continue;
      yield text;
      text = "";
    }
  }
  yield `${text}COMMIT\n`;
}

/**
 * The text of iptables-save (with `counters`: of `iptables-save -c`), byte for byte but for its comment lines, in pieces of
 * whole lines: who writes one after the other never has all of it in memory.
 */
export function* printPieces(ruleset: Ruleset, options: PrintOptions = {}): Generator<string> {
  const tables = [...ruleset.tables.values()];
  if (!options.fileOrder) tables.reverse();
  for (const table of tables) yield* tablePieces(table, ruleset.family, options.counters ?? false);
}

/** The same as one text. */
export const printRuleset = (ruleset: Ruleset, options: PrintOptions = {}): string =>
  [...printPieces(ruleset, options)].join("");

function listChain(chain: Chain, family: Family, verbose: boolean): readonly string[] {
  return chain.rules.map((rule) => {
    const specification = printRuleSpecification(rule, family, verbose);
    return `-A ${chain.name}${specification === "" ? "" : ` ${specification}`}`;
  });
}

/** The text of `iptables -S`, or `-S CHAIN`; with `verbose` that of `-S -v`. */
export function printList(
  table: Table,
  family: Family,
  { chain: only, verbose = false }: { readonly chain?: string; readonly verbose?: boolean } = {},
): string {
  const chains = [...table.chains.values()].filter((chain) => only === undefined || chain.name === only);
  const heads = chains.map((chain) => {
    if (!chain.policy) return `-N ${chain.name}`;
    const { packets, bytes } = chain.counters;
    return `-P ${chain.name} ${chain.policy}${verbose ? ` -c ${packets} ${bytes}` : ""}`;
  });
  const rules = chains.flatMap((chain) => listChain(chain, family, verbose));
  return [...heads, ...rules].map((line) => `${line}\n`).join("");
}
