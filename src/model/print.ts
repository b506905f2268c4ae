import type { Family } from "../packet/address.ts";
import { printCounters, printRule, printRuleSpecification } from "./print-rule.ts";
import type { Chain, Ruleset, Table } from "./ruleset.ts";

export interface PrintOptions {
  /** Keep the counters, as iptables-save -c does; else rules have none and policies `[0:0]`. */
  readonly counters?: boolean;
  /** Keep the order in which the tables were loaded; iptables-save prints the newest table first. */
  readonly fileOrder?: boolean;
}

function printTableSave(table: Table, family: Family, counters: boolean): string {
  const chains = [...table.chains.values()];
  const lines = [`*${table.name}\n`];
  for (const chain of chains) {
    const shown = counters && chain.hook ? printCounters(chain.counters) : "[0:0]";
    lines.push(`:${chain.name} ${chain.policy ?? "-"} ${shown}\n`);
  }
  for (const { name, rules } of chains) {
    for (const rule of rules) {
      const prefix = counters ? `${printCounters(rule.counters)} ` : "";
      lines.push(`${prefix}${printRule(rule, name, family)}\n`);
    }
  }
  lines.push("COMMIT\n");
  return lines.join("");
}

/** The text of iptables-save (with `counters`: of `iptables-save -c`), byte for byte but for its comment lines. */
export function printRuleset(ruleset: Ruleset, options: PrintOptions = {}): string {
  const tables = [...ruleset.tables.values()];
  if (!options.fileOrder) tables.reverse();
  return tables.map((table) => printTableSave(table, ruleset.family, options.counters ?? false)).join("");
}

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
