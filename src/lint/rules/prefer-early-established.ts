import { askingMatches } from "../../model/rule-meaning.ts";
import { ctstates } from "../../packet/connection.ts";
import { defineRule } from "../define-rule.ts";
import { decisionOf, statesOf } from "../rule-facts.ts";
import { aboutRule, rulesOf } from "../rules-of.ts";

/** Rules before it that are no cause for complaint. */
const early = 10;

export const preferEarlyEstablished = defineRule({
  id: "NV202",
  name: "prefer-early-established",
  level: "style",
  summary: "The rule for established connections stands late in its chain",
  why: "Nearly every packet of a busy host belongs to an established connection. Each rule before the one that accepts them costs time for each of those packets; the kernel walks the list from its start.",
  exceptions:
    "Rules before it that shall cut off running connections, too: blocked addresses, expired times.",
  bad: [
    `*filter\n:INPUT DROP [0:0]\n${Array.from({ length: 12 }, (_, index) => `-A INPUT -p tcp --dport ${8000 + 2 * index} -j ACCEPT\n`).join("")}-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n`,
  ],
  good: [
    "*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) =>
    rulesOf(context.ruleset)
      .filter(
        ({ table, chain, number }) => table === "filter" && chain.hook !== undefined && number > early + 1,
      )
      .filter((placed) => {
        const { rule } = placed;
        const states = statesOf(rule);
        const wide = Object.keys(rule.spec).length === 0 && askingMatches(rule).length === 1;
        const taken = (states & ctstates.ESTABLISHED) !== 0 && (states & ctstates.NEW) === 0;
        return wide && taken && decisionOf(placed, context) === "ACCEPT";
      })
      .map((placed) =>
        aboutRule(
          placed,
          context,
          `packets of established connections pass ${placed.number - 1} rules before this one accepts them; move it to the start of \`${placed.chain.name}\` unless a rule before it shall stop them`,
        ),
      ),
});
