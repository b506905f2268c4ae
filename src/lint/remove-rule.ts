import { lineTableOf } from "../diagnostics/line-table.ts";
import type { LintContext, LintFix } from "./rule.ts";
import { formulaOf, hasLeaf } from "./rule-facts.ts";
import { nameOf, type PlacedRule, rulesOfText } from "./rules-of.ts";

/**
 * The edit that takes a rule's line out of its text. None where the line holds more than the rule, or the rule has a memory
 * that packets touch though it never decides about them.
 */
export function removeRule(placed: PlacedRule, context: LintContext): LintFix | undefined {
  const { origin } = placed.rule;
  if (!origin || hasLeaf(formulaOf(placed, context), "stateful", "unknown")) return undefined;
  const { ruleset, sibling } = context;
  if (rulesOfText(placed, ruleset) + (sibling ? rulesOfText(placed, sibling) : 0) !== 1) return undefined;
  const { source, span } = origin;
  const lines = lineTableOf(source);
  const { start } = lines.line(lines.lineOf(span.start));
  const last = lines.line(lines.lineOf(span.end));
  const before = source.text.slice(start, span.start);
  const after = source.text.slice(span.end, last.end);
  if (
    !/^\s*(?:\[\d+:\d+\]\s*)?$|^\s*(?:sudo\s+)?[^\s;&|#]+\s+$/.test(before) ||
    !/^\s*(?:#.*)?$/.test(after)
  ) {
    return undefined;
  }
  const end = Math.min(source.text.length, last.end + (source.text.startsWith("\r\n", last.end) ? 2 : 1));
  return {
    description: `remove rule \`${nameOf(placed)}\``,
    edits: [{ source, span: { start, end }, text: "" }],
  };
}
