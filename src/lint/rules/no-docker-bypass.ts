import { defineRule } from "../define-rule.ts";
import { hookFacts } from "../hook-facts.ts";
import type { LintContext } from "../rule.ts";
import {
  aboutRule,
  isUnconditional,
  matchOf,
  type PlacedRule,
  placeOf,
  rulesOf,
  targetName,
} from "../rules-of.ts";

/** Whether Docker's chain for the owner's rules holds any. */
function hasUserRules({ ruleset }: LintContext): boolean {
  const rules = ruleset.tables.get("filter")?.chains.get("DOCKER-USER")?.rules ?? [];
  return rules.some((rule) => !isUnconditional(rule) || targetName(rule) !== "RETURN");
}

function portOf({ rule }: PlacedRule): string {
  const port: unknown = matchOf(rule, "tcp", "udp")?.args["dport"]?.value;
  return Array.isArray(port) ? [...new Set(port)].join(":") : "any";
}

/** Loopback only: nobody outside can ask for it. */
const isLocal = ({ rule: { spec } }: PlacedRule): boolean => {
  const address = spec.destination?.inverted ? undefined : spec.destination?.value.address;
  return typeof address === "number" ? address >>> 24 === 127 : address === 1n;
};

export const noDockerBypass = defineRule({
  id: "NV204",
  name: "no-docker-bypass",
  level: "warning",
  summary: "Ports published by Docker that no rule of INPUT guards",
  why: "Docker publishes a port with DNAT: the packet is rewritten before routing and goes through FORWARD, never through INPUT. A rule set that guards INPUT carefully leaves these ports open to everybody.",
  exceptions:
    "Ports that shall be open to the world. Else put rules into `DOCKER-USER` (Docker leaves that chain alone), or publish on `127.0.0.1`. Any rule in `DOCKER-USER` silences the finding.",
  bad: [
    "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:DOCKER - [0:0]\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A FORWARD -o docker0 -j DOCKER\n-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp --dport 80 -j ACCEPT\nCOMMIT\n*nat\n:DOCKER - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT\n",
  ],
  good: [
    "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:DOCKER - [0:0]\n:DOCKER-USER - [0:0]\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A FORWARD -j DOCKER-USER\n-A FORWARD -o docker0 -j DOCKER\n-A DOCKER-USER -i eth0 ! -s 10.0.0.0/8 -j DROP\nCOMMIT\n*nat\n:DOCKER - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT\n",
  ],
  check(context) {
    const input = hookFacts(context, "INPUT");
    const guards = input?.keepsOut || input?.decisions.some((one) => one === "DROP" || one === "REJECT");
    if (!guards || hasUserRules(context)) return [];
    const published = rulesOf(context.ruleset).filter(
      (placed) =>
        placed.table === "nat" &&
        placed.chain.name === "DOCKER" &&
        targetName(placed.rule) === "DNAT" &&
        placed.rule.spec.source === undefined &&
        !isLocal(placed),
    );
    const [first, ...others] = published;
    if (!first) return [];
    const ports = published.map(portOf).join(", ");
    const message = `published port${others.length > 0 ? "s" : ""} ${ports} of Docker: DNAT sends these packets through FORWARD, so the rules of INPUT never see them; restrict them in \`DOCKER-USER\` or publish on 127.0.0.1`;
    const related = others.map((placed) => placeOf(placed, context, `port ${portOf(placed)}`));
    return [aboutRule(first, context, message, { related })];
  },
});
