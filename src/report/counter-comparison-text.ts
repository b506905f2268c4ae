import type { ComparedCounters, CountedPlace, CounterComparison } from "../capture/counter-comparison.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import { printCounters } from "../model/print-rule.ts";
import { deciderLine } from "./diff-sides.ts";
import type { PrintRule } from "./rule-view.ts";
import type { Style } from "./style.ts";

export interface ComparisonTextOptions {
  readonly style: Style;
  readonly printRule: PrintRule;
  readonly verbose: boolean;
}

const usualLines = 20;

/** What a replay counted beside what a host's own dump says: the rules where they differ, the first one on top. */
export function comparisonLines(
  { compared, onlyReplayed, onlyTold }: CounterComparison,
  file: string,
  { style, printRule, verbose }: ComparisonTextOptions,
): readonly string[] {
  const differing = compared.filter(({ agrees }) => !agrees);
  const dump = visibleText(file);
  const strays = [
    ...onlyReplayed.map((one) => `  only in the rules: ${placeLine(one, printRule)}`),
    ...onlyTold.map((one) => `  only in ${dump}: ${placeLine(one, printRule)}`),
  ];
  if (differing.length === 0 && strays.length === 0) {
    return [style.good(`all ${compared.length} counters are those of ${dump}`)];
  }
  const shown = verbose ? compared : differing.slice(0, usualLines);
  const rows = shown.map((one) => row(one, printRule));
  const hidden = verbose ? 0 : differing.length - shown.length;
  return [
    style.bad(`${differing.length} of ${compared.length} counters differ from ${dump}`),
    ...(differing[0] ? [`the first: ${placeLine(differing[0], printRule)}`] : []),
    `${"replayed".padStart(20)} ${"dump".padStart(20)}   ratio  rule`,
    ...rows,
    ...(hidden > 0 ? [`  … and ${hidden} more (-v lists all)`] : []),
    ...strays,
  ];
}

function row(one: ComparedCounters, printRule: PrintRule): string {
  const ratio = one.ratio === undefined ? "-" : one.ratio.toFixed(3);
  const counters = [one.replayed, one.told].map((value) => printCounters(value).padStart(20)).join(" ");
  return `${counters} ${ratio.padStart(7)}  ${placeLine(one, printRule)}`;
}

function placeLine({ table, chain, number, rule }: CountedPlace, printRule: PrintRule): string {
  if (!rule || number === "policy") return `the policy of ${table}/${chain}`;
  return deciderLine({ table, chain, number, rule }, printRule);
}
