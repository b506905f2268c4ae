import type { TableName } from "../../../../src/extensions/extension.ts";
import { builtinChains } from "../../../../src/model/hooks.ts";
import type { Flow, FlowRule } from "../flow.ts";

/** The rules that flows bring along, put before the others of their chains; a table that is not there is made. */
export const withFlowRules = (rules: string, flows: readonly Flow[]): string =>
  flows.flatMap((flow) => [...(flow.rules ?? [])]).reduceRight(withRule, rules);

function withRule(rules: string, { table, chain, text }: FlowRule): string {
  const whole = rules.includes(`*${table}\n`) ? rules : `${emptyTable(table)}${rules}`;
  const lines = whole.split("\n");
  const start = lines.indexOf(`*${table}`) + 1;
  const first = lines.findIndex((line, index) => index >= start && !line.startsWith(":"));
  lines.splice(first, 0, `-A ${chain} ${text}`);
  return lines.join("\n");
}

const emptyTable = (table: TableName): string =>
  [`*${table}`, ...builtinChains(table).map((hook) => `:${hook} ACCEPT [0:0]`), "COMMIT", ""].join("\n");
