import { visibleText } from "../diagnostics/visible-text.ts";
import type { Decision, Fate } from "../evaluate/trace.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";

/** `DROP at INPUT by filter/INPUT:3, rules.v4:12: -A INPUT -p tcp -j DROP` */
export function fateLine(fate: Fate, printRule: PrintRule): string {
  const hook = fate.hook === undefined ? "" : ` at ${fate.hook}`;
  return `${fate.verdict}${hook} by ${decisionLine(fate.decision, printRule)}`;
}

/** What decided, in one line. */
export function decisionLine(decision: Decision, printRule: PrintRule): string {
  switch (decision.kind) {
    case "rule": {
      const { table, chain, number, file, line, text } = viewRule(decision.rule, decision, printRule);
      const place = file === undefined ? "" : `, ${visibleText(file)}:${line}`;
      return `${table}/${chain}:${number}${place}: ${visibleText(text)}`;
    }
    case "policy":
      return `the policy of ${decision.table}/${decision.chain}`;
    case "host":
      return visibleText(decision.reason);
  }
}
