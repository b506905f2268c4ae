import { aboutChain } from "../chain-facts.ts";
import { defineRule } from "../define-rule.ts";
import { hookFacts } from "../hook-facts.ts";
import type { LintContext } from "../rule.ts";

function open(context: LintContext, hook: "INPUT" | "FORWARD") {
  const { sibling, ruleset } = context;
  if (!sibling) return [];
  const mine = hookFacts(context, hook);
  const other = hookFacts({ ...context, ruleset: sibling, sibling: ruleset }, hook);
  if (!mine?.keepsOut || other?.keepsOut) return [];
  const stops = other?.decisions.some((one) => one === "DROP" || one === "REJECT") ?? false;
  if (stops) return [];
  const [here, there] = ruleset.family === "ipv4" ? ["IPv4", "IPv6"] : ["IPv6", "IPv4"];
  const message = `\`${hook}\` keeps out what no rule accepts for ${here}, but lets everything in for ${there}; give ${there} the same policy`;
  return [aboutChain(mine.table, mine.chain, context, message)];
}

export const noOpenSibling = defineRule({
  id: "NV404",
  name: "no-open-sibling",
  level: "warning",
  summary: "One family is guarded, the other is open",
  why: "IPv4 and IPv6 have rules of their own. A host that has an IPv6 address, and nearly every host has one, is as open as the weaker of the two.",
  exceptions:
    "Hosts without IPv6 (`net.ipv6.conf.all.disable_ipv6=1`). Only scripts that run both programs are compared.",
  bad: [
    "iptables -P INPUT DROP\niptables -A INPUT -p tcp --dport 22 -j ACCEPT\nip6tables -A INPUT -p tcp --dport 22 -j ACCEPT\n",
  ],
  good: [
    "iptables -P INPUT DROP\niptables -A INPUT -p tcp --dport 22 -j ACCEPT\nip6tables -P INPUT DROP\nip6tables -A INPUT -p tcp --dport 22 -j ACCEPT\n",
  ],
  check: (context) => [...open(context, "INPUT"), ...open(context, "FORWARD")],
});
