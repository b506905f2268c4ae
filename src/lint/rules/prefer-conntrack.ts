import { defineRule } from "../define-rule.ts";
import type { LintContext, LintFix } from "../rule.ts";
import { formulaOf, hasLeaf } from "../rule-facts.ts";
import { aboutRule, matchOf, type PlacedRule, rulesOf } from "../rules-of.ts";

/** Both matches have one meaning (xt_conntrack.c serves both), so the words can be changed where they stand plainly. */
function respell(placed: PlacedRule, context: LintContext): LintFix | undefined {
  const { origin } = placed.rule;
  // a rule with a memory under a new text is a new rule to the proof
  if (!origin || hasLeaf(formulaOf(placed, context), "stateful", "unknown")) return undefined;
  const { source, span } = origin;
  const text = source.text.slice(span.start, span.end);
  const load = [...text.matchAll(/(?<=\s)(-m|--match)\s+state(?=\s)/g)];
  const option = [...text.matchAll(/(?<=\s)--state(?=\s)/g)];
  const [match, ...others] = load;
  const [state, ...more] = option;
  if (!match || !state || others.length + more.length > 0 || match.index > state.index) return undefined;
  const at = (from: number, length: number) => ({
    start: span.start + from,
    end: span.start + from + length,
  });
  return {
    description: "ask `conntrack --ctstate`",
    edits: [
      { source, span: at(match.index, match[0].length), text: "-m conntrack" },
      { source, span: at(state.index, state[0].length), text: "--ctstate" },
    ],
  };
}

const check = (context: LintContext) => {
  const told = new Set<string>();
  return rulesOf(context.ruleset).flatMap((placed) => {
    const { origin } = placed.rule;
    const key = origin ? `${origin.span.start}` : "";
    if (!matchOf(placed.rule, "state") || told.has(key)) return [];
    if (origin) told.add(key);
    const message =
      "`-m state` is kept for old rules only; write `-m conntrack --ctstate`, which means the same";
    return [aboutRule(placed, context, message, { fix: respell(placed, context) })];
  });
};

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
