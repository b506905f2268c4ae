import { askingMatches } from "../../model/rule-meaning.ts";
import { aboutChain } from "../chain-facts.ts";
import { defineRule } from "../define-rule.ts";
import { hookFacts, takesEstablished } from "../hook-facts.ts";
import type { LintContext } from "../rule.ts";
import { asksState } from "../rule-facts.ts";
import { matchOf, type PlacedRule } from "../rules-of.ts";

/** Rules that let replies in without conntrack: by ports of the far side, by `! --syn`, or for whole networks and interfaces. */
function servesReplies({ rule }: PlacedRule): boolean {
  const { value } = matchOf(rule, "tcp", "udp")?.args["sport"] ?? {};
  const sourcePort = Array.isArray(value) && !(value[0] === 0 && value[1] === 65535);
  const flags = matchOf(rule, "tcp")?.args["tcp-flags"];
  return sourcePort || flags?.inverted === true || matchOf(rule, "multiport")?.args["sports"] !== undefined;
}

const isWide = ({ rule }: PlacedRule): boolean =>
  askingMatches(rule).length === 0 &&
  rule.spec.protocol === undefined &&
  rule.spec.inInterface?.value !== "lo";

function lacking(context: LintContext, hook: "INPUT" | "FORWARD") {
  const facts = hookFacts(context, hook);
  if (!facts?.keepsOut) return [];
  const accepts = facts.rules.filter((_, index) => facts.decisions[index] === "ACCEPT");
  const known = accepts.some((placed) => asksState(placed.rule) && takesEstablished(placed));
  const others = accepts.filter((placed) => placed.rule.spec.inInterface?.value !== "lo");
  const unknown = facts.rules.some(
    ({ rule }) => rule.target.kind === "unknown" || rule.matches.some((use) => use.kind === "unknown"),
  );
  if (known || unknown || others.length === 0 || accepts.some(servesReplies) || accepts.some(isWide))
    return [];
  const message = `\`${hook}\` accepts no packet of established connections: replies to what ${hook === "INPUT" ? "the host" : "one side"} opens are kept out; add \`-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\` near its start`;
  return [aboutChain(facts.table, facts.chain, context, message)];
}

export const requireEstablishedAccept = defineRule({
  id: "NV201",
  name: "require-established-accept",
  level: "warning",
  summary: "A chain that keeps the rest out and accepts no replies",
  why: "With a policy of `DROP`, replies to the host's own connections and the ICMP errors that belong to them (path MTU among them) must be let in by a rule. Without it names are not resolved, updates hang and large packets vanish.",
  exceptions:
    "Hosts that only answer and never ask. Stateless rule sets that let replies in by port, by `! --syn` or for whole networks are not reported.",
  bad: [
    "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
  ],
  good: [
    "*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
    "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp ! --syn -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) => [...lacking(context, "INPUT"), ...lacking(context, "FORWARD")],
});
