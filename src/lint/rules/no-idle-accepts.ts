import { aboutChain } from "../chain-facts.ts";
import { defineRule } from "../define-rule.ts";
import { hookFacts } from "../hook-facts.ts";
import type { LintContext } from "../rule.ts";
import { isUnconditional } from "../rules-of.ts";

function idle(context: LintContext, hook: "INPUT" | "FORWARD") {
  const facts = hookFacts(context, hook);
  if (facts?.chain.policy !== "ACCEPT") return [];
  const { rules, decisions, table, chain } = facts;
  const accepts = rules.filter(
    (placed, index) => decisions[index] === "ACCEPT" && !isUnconditional(placed.rule),
  );
  const others = decisions.some((one) => one !== undefined && one !== "ACCEPT" && one !== "RETURN");
  const unknown = rules.some(({ rule }) => rule.target.kind === "unknown");
  if (accepts.length === 0 || others || unknown) return [];
  const count =
    accepts.length === 1 ? "its rule that accepts changes" : `its ${accepts.length} rules that accept change`;
  const message = `the policy of \`${hook}\` is ACCEPT and nothing below it drops: ${count} nothing; set the policy to DROP or remove them`;
  return [aboutChain(table, chain, context, message)];
}

export const noIdleAccepts = defineRule({
  id: "NV203",
  name: "no-idle-accepts",
  level: "warning",
  summary: "Policy `ACCEPT`, and rules that only accept",
  why: "Such a chain looks like a firewall and lets everything through: the rules say what is welcome, and nothing says what is not. Most often `-P INPUT DROP` was forgotten, or reset by a flush.",
  exceptions:
    "OUTPUT is not looked at: it is open on most hosts. Rules that are there to count. Then write them without a target.",
  bad: ["*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"],
  good: [
    "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
    "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22\nCOMMIT\n",
  ],
  check: (context) => [...idle(context, "INPUT"), ...idle(context, "FORWARD")],
});
