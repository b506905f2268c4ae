import type { Example, Match, TableName, Target } from "../../src/extensions/extension.ts";
import { builtinChains } from "../../src/model/hooks.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import type { Family } from "../../src/packet/address.ts";

export type Extension = Match | Target;

export interface Place {
  readonly table: TableName;
  readonly chain: string;
  readonly family: Family;
}

/** Where a rule with this extension may stand: `filter/INPUT` if it can. */
export function placeOf({ validIn }: Extension): Place {
  const { tables = ["filter"], families = ["ipv4"], hooks } = validIn ?? {};
  const table = tables.includes("filter") ? "filter" : tables[0]!;
  const chains = builtinChains(table).filter((hook) => hooks?.includes(hook) ?? true);
  const chain = chains.includes("INPUT") ? "INPUT" : chains[0]!;
  return { table, chain, family: families.includes("ipv4") ? "ipv4" : "ipv6" };
}

/** Where an example stands. */
export function placeOfExample(extension: Extension, example: Example): Place {
  const place = placeOf(extension);
  const family = example.family ?? place.family;
  const [table, chain] = example.at?.split("/") ?? [place.table, place.chain];
  return { table: table as TableName, chain: chain!, family };
}

export type Printed = { readonly saves: string } | { readonly refused: readonly string[] };

const isBuiltin = ({ table, chain }: Place): boolean => builtinChains(table).some((hook) => hook === chain);

/** A rule as a line of a save file, read and printed again. */
export function reprint(rule: string, place: Place): Printed {
  const { table, chain } = place;
  const declared = isBuiltin(place) ? "" : `:${chain} - [0:0]\n`;
  return printed(`*${table}\n${declared}-A ${chain} ${rule}\nCOMMIT\n`, place);
}

/** A rule as somebody types it at a shell, as iptables-save prints it then. */
export function append(rule: string, place: Place): Printed {
  const { table, chain, family } = place;
  const program = family === "ipv4" ? "iptables" : "ip6tables";
  const declared = isBuiltin(place) ? "" : `${program} -t ${table} -N ${chain}\n`;
  return printed(`${declared}${program} -t ${table} -A ${chain} ${rule}\n`, place);
}

function printed(text: string, { chain, family }: Place): Printed {
  const { ruleset, diagnostics } = parseRuleset(text, { family });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { refused: errors.map(({ code }) => code) };
  const lines = printRuleset(ruleset).split("\n");
  const line = lines.find((each) => each.startsWith(`-A ${chain}`)) ?? "";
  return { saves: line.slice(`-A ${chain} `.length) };
}
