import type { Effect } from "../../extensions/effect.ts";
import { argsOf, siteOf } from "../../model/rule-formula.ts";
import type { Rule, Ruleset, Table } from "../../model/ruleset.ts";
import { setRulesOf } from "../dead-rules.ts";
import { defineRule } from "../define-rule.ts";
import { aboutRule, rulesOf, targetName } from "../rules-of.ts";

const stopping: readonly Effect["kind"][] = ["reject", "nfqueue", "tproxy", "synproxy"];

/** Whether any packet may end in the table: else all that is rewritten gets through. */
function mayStop({ name, chains }: Table, { family }: Ruleset): boolean {
  const ends = ({ target, spec }: Rule): boolean =>
    target.kind === "known" &&
    target.target
      .effects(argsOf(target.args), siteOf(family, name, spec))
      .some((effect) =>
        effect.kind === "verdict"
          ? effect.verdict !== "ACCEPT" && effect.verdict !== "RETURN"
          : stopping.includes(effect.kind),
      );
  return [...chains.values()].some(({ policy, rules }) => policy === "DROP" || rules.some(ends));
}

export const requireForwardForDnat = defineRule({
  id: "NV206",
  name: "require-forward-for-dnat",
  level: "warning",
  summary: "A DNAT whose packets no rule lets through",
  why: "DNAT only rewrites the destination; the packet then has to pass FORWARD (or INPUT, if the new address is the host's own) like any other, with its new address and port. The rule that lets it through is easily forgotten, or written for the old address or port.",
  exceptions: "Forwards that are switched off for a while in the filter table.",
  bad: [
    "*nat\n-A PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.9:80\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n-A FORWARD -d 10.0.0.9/32 -p tcp --dport 8080 -j ACCEPT\nCOMMIT\n",
  ],
  good: [
    "*nat\n-A PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.9:80\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n-A FORWARD -d 10.0.0.9/32 -p tcp --dport 80 -j ACCEPT\nCOMMIT\n",
  ],
  check(context) {
    const nat = context.ruleset.tables.get("nat");
    if (!nat || !rulesOf(context.ruleset).some(({ rule }) => targetName(rule) === "DNAT")) return [];
    if (![...context.ruleset.tables.values()].some((table) => mayStop(table, context.ruleset))) return [];
    const analysis = context.analysis();
    const { space } = analysis;
    const passing = (["FORWARD", "INPUT", "OUTPUT"] as const).flatMap((path) => {
      const { accepted, queued } = analysis.path(path);
      return [...accepted, ...queued];
    });
    return setRulesOf(context)
      .filter(
        ({ placed, reach }) =>
          placed.table === "nat" && targetName(placed.rule) === "DNAT" && reach.isMatched,
      )
      .filter(({ reach }) => passing.every((packets) => space.disjoint(packets, reach.matched)))
      .map(({ placed }) =>
        aboutRule(
          placed,
          context,
          "no packet that this rule rewrites gets through: neither FORWARD nor INPUT accepts one with its new destination; add a rule that accepts the new address and port",
          { assumptions: analysis.assumptions },
        ),
      );
  },
});
