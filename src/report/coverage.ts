import type { Coverage, RuleCoverage } from "../analyse/coverage.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import { deciderLine } from "./diff-sides.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";
import type { Style } from "./style.ts";
import type { JsonObject } from "./trace-json.ts";

/** What `coverage` found. */
export interface CoverageResult extends Coverage {
  /** The rules' file. */
  readonly file: string;
  /** How many packets were sent. */
  readonly packets: number;
}

const isHit = ({ hits }: { readonly hits: number }): boolean => hits > 0;

/** Of the rules, in per cent; a rule set without rules is covered. */
export const coveredPercent = ({ rules }: Coverage): number =>
  rules.length === 0 ? 100 : (100 * rules.filter(isHit).length) / rules.length;

export interface CoverageTextOptions {
  readonly style: Style;
  readonly printRule: PrintRule;
  /** List the rules that were hit, too. */
  readonly verbose: boolean;
}

/** For people: what no packet hit. */
export function coverageText(
  result: CoverageResult,
  { style, printRule, verbose }: CoverageTextOptions,
): string {
  const { rules, policies, packets, file } = result;
  const missed = rules.filter((one) => !isHit(one));
  const percent = coveredPercent(result).toFixed(1);
  const head = `${visibleText(file)}: ${rules.length - missed.length} of ${rules.length} rules hit (${percent} %) by ${packets} packet${packets === 1 ? "" : "s"}`;
  const line = (one: RuleCoverage) =>
    `  ${verbose ? `${String(one.hits).padStart(6)}  ` : ""}${deciderLine({ ...one.place, rule: one.rule }, printRule)}`;
  const listed = verbose ? rules : missed;
  const idle = policies.filter((one) => !isHit(one));
  const blocks = [
    [missed.length === 0 ? style.good(head) : style.bad(head)],
    ...(listed.length === 0 ? [] : [[verbose ? " packets  rule" : "never hit:", ...listed.map(line)]]),
    ...(idle.length === 0
      ? []
      : [
          [
            `policies that decided nothing: ${idle.map(({ table, chain }) => `${table}/${chain}`).join(", ")}`,
          ],
        ]),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

export function coverageJson(result: CoverageResult, printRule: PrintRule): JsonObject {
  const { file, packets, rules, policies } = result;
  return {
    version: 1,
    rules: file,
    packets,
    covered: rules.filter(isHit).length,
    total: rules.length,
    entries: rules.map(({ place, rule, hits }) => ({ ...viewRule(rule, place, printRule), hits })),
    policies: policies.map((one) => ({ ...one })),
  };
}

/**
 * A tracefile as geninfo(1) describes it: a record for each file that rules were read from, a line for each line with
 * rules. Rules that share a line, as a script's loop makes them, are added up.
 */
export function coverageLcov({ rules }: CoverageResult): string {
  const files = new Map<string, Map<number, number>>();
  for (const { rule, hits } of rules) {
    if (!rule.origin) continue;
    const { source, line } = rule.origin;
    const lines = files.get(source.name) ?? new Map<number, number>();
    files.set(source.name, lines);
    lines.set(line, (lines.get(line) ?? 0) + hits);
  }
  const records = [...files].map(([name, lines]) => {
    const sorted = [...lines].sort(([a], [b]) => a - b);
    return [
      "TN:",
      `SF:${name}`,
      ...sorted.map(([line, hits]) => `DA:${line},${hits}`),
      `LF:${sorted.length}`,
      `LH:${sorted.filter(([, hits]) => hits > 0).length}`,
      "end_of_record",
    ].join("\n");
  });
  return records.map((record) => `${record}\n`).join("");
}
