import { defineRule } from "../define-rule.ts";
import type { Found, LintContext, LintFix } from "../rule.ts";
import { formulaOf, hasLeaf } from "../rule-facts.ts";
import { aboutRule, matchOf, type PlacedRule, rulesOf } from "../rules-of.ts";

/** Both matches have one meaning (xt_conntrack.c serves both), so the words can be changed where they stand plainly. */
function respell(placed: PlacedRule, context: LintContext): LintFix["edits"] {
  const { origin } = placed.rule;
  // a rule with a memory under a new text is a new rule to the proof
  if (!origin || hasLeaf(formulaOf(placed, context), "stateful", "unknown")) return [];
  const { source, span } = origin;
  const text = source.text.slice(span.start, span.end);
  const load = [...text.matchAll(/(?<=\s)(-m|--match)\s+state(?=\s)/g)];
  const option = [...text.matchAll(/(?<=\s)--state(?=\s)/g)];
  const [match, ...others] = load;
  const [state, ...more] = option;
  if (!match || !state || others.length + more.length > 0 || match.index > state.index) return [];
  const at = (from: number, length: number) => ({
    start: span.start + from,
    end: span.start + from + length,
  });
  return [
    { source, span: at(match.index, match[0].length), text: "-m conntrack" },
    { source, span: at(state.index, state[0].length), text: "--ctstate" },
  ];
}

/** One finding for the whole text: where `state` is used at all, it is used everywhere. */
function check(context: LintContext): readonly Found[] {
  const byStart = new Map<number | undefined, PlacedRule>();
  for (const placed of rulesOf(context.ruleset)) {
    const start = placed.rule.origin?.span.start;
    if (matchOf(placed.rule, "state") && !byStart.has(start)) byStart.set(start, placed);
  }
  const [first, ...others] = byStart.values();
  if (!first) return [];
  const edits = [first, ...others].flatMap((placed) => respell(placed, context));
  const count = others.length;
  const many = count === 0 ? "" : count === 1 ? " (so does 1 more)" : ` (so do ${count} more)`;
  const message = `the rule uses \`-m state\`, which is kept for old rules only${many}; write \`-m conntrack --ctstate\`, which means the same`;
  const fix = edits.length > 0 ? { description: "ask `conntrack --ctstate`", edits } : undefined;
  return [{ ...aboutRule(first, context, message, { fix }), subject: "-m state" }];
}

export const preferConntrack = defineRule({
  id: "NV301",
  name: "prefer-conntrack",
  level: "style",
  summary: "`-m state` where `-m conntrack --ctstate` is meant",
  why: "`state` is an old name for a part of `conntrack`; the kernel answers both with the same code. iptables-extensions(8) calls it a subset; newer programs know only `conntrack`.",
  exceptions: "Rules for kernels older than 2.6.",
  bad: ["*filter\n-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n"],
  good: ["*filter\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n"],
  check,
});
