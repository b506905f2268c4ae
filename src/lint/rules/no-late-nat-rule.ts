import { ctstates } from "../../packet/connection.ts";
import { defineRule } from "../define-rule.ts";
import { statesOf } from "../rule-facts.ts";
import { aboutRule, rulesOf } from "../rules-of.ts";

export const noLateNatRule = defineRule({
  id: "NV205",
  name: "no-late-nat-rule",
  level: "warning",
  summary: "A rule of the nat table for packets that the table never sees",
  why: "The nat table is asked about the first packet of a connection only, NEW or RELATED; the mapping then holds for all later packets without any rule. A nat rule that wants ESTABLISHED, INVALID or UNTRACKED packets matches none.",
  exceptions: "None.",
  bad: ["*nat\n-A POSTROUTING -o eth0 -m conntrack --ctstate ESTABLISHED -j MASQUERADE\nCOMMIT\n"],
  good: [
    "*nat\n-A POSTROUTING -o eth0 -m conntrack --ctstate NEW -j MASQUERADE\nCOMMIT\n",
    "*nat\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n",
  ],
  check: (context) =>
    rulesOf(context.ruleset)
      .filter(({ table, rule }) => table === "nat" && (statesOf(rule) & seen) === 0)
      .map((placed) =>
        aboutRule(
          placed,
          context,
          "the nat table sees the first packet of a connection only, which is NEW or RELATED: this rule matches none; leave the state out",
        ),
      ),
});

const seen = ctstates.NEW | ctstates.RELATED | ctstates.SNAT | ctstates.DNAT;
