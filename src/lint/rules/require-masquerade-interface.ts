import { askingMatches } from "../../model/rule-meaning.ts";
import { jumpOf } from "../../model/rule-target.ts";
import { defineRule } from "../define-rule.ts";
import { aboutRule, rulesOf, targetName } from "../rules-of.ts";

export const requireMasqueradeInterface = defineRule({
  id: "NV304",
  name: "require-masquerade-interface",
  level: "warning",
  summary: "`MASQUERADE` for every interface",
  why: "Without `-o` the rule rewrites the source of packets to the inside, too: servers there see the router in place of their clients, which blinds their logs and their own rules. Packets to the host's own addresses are rewritten as well.",
  exceptions: "A host that has one interface and forwards nothing back through it.",
  bad: [
    "*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n",
    "*nat\n-A POSTROUTING -s 192.168.0.0/16 -j MASQUERADE\nCOMMIT\n",
  ],
  good: [
    "*nat\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n",
    "*nat\n-A POSTROUTING -s 192.168.122.0/24 ! -d 192.168.122.0/24 -j MASQUERADE\nCOMMIT\n",
  ],
  check(context) {
    const all = rulesOf(context.ruleset);
    return all
      .filter(({ rule, table, chain }) => {
        const { outInterface, destination } = rule.spec;
        if (targetName(rule) !== "MASQUERADE" || outInterface || destination) return false;
        // what asks a mark, an address type, a policy … has its own way to say where the packet goes
        if (
          askingMatches(rule).some(
            (use) => use.kind === "unknown" || !/^(tcp|udp|icmp|multiport)$/.test(use.match.name),
          )
        )
          return false;
        if (chain.hook) return true;
        const callers = all.filter((other) => other.table === table && jumpOf(other.rule) === chain.name);
        return callers.some((caller) => !caller.rule.spec.outInterface && !caller.rule.spec.destination);
      })
      .map((placed) =>
        aboutRule(
          placed,
          context,
          "`MASQUERADE` without `-o` rewrites what goes to the inside as well; name the outer interface with `-o`",
        ),
      );
  },
});
