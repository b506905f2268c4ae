import type { Decider, DiffSide } from "../analyse/diff.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";

/** `filter/INPUT:5, new.v4:11: -A INPUT -j ACCEPT`, or `the policy of filter/INPUT` */
export function deciderLine(by: Decider, printRule: PrintRule): string {
  if (!("rule" in by)) return `the policy of ${by.table}/${by.chain}`;
  const { table, chain, number, file, line, text } = viewRule(by.rule, by, printRule);
  const place = file === undefined ? "" : `, ${visibleText(file)}:${line}`;
  return `${table}/${chain}:${number}${place}: ${visibleText(text)}`;
}

/** `ACCEPT (destination 10.0.0.9:80)` */
export function outcomeWords({ outcome, rewrites }: Pick<DiffSide, "outcome" | "rewrites">): string {
  const changed = outcome === "ACCEPT" && rewrites.length > 0 ? ` (${rewrites.join(", ")})` : "";
  return outcome + changed;
}

/** `2 groups of packets fare differently` */
export const countLine = (groups: number): string =>
  groups === 1 ? "1 group of packets fares differently" : `${groups} groups of packets fare differently`;

/** What is said where there is no difference. */
export const equalLine = "no packet fares differently";
