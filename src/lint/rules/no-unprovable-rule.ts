import { defineRule } from "../define-rule.ts";
import { aboutRule, rulesOf } from "../rules-of.ts";

export const noUnprovableRule = defineRule({
  id: "NV402",
  name: "no-unprovable-rule",
  level: "info",
  summary: "A rule with a match or target that netverdict does not model",
  why: "Nothing can be said of such a rule for certain: an unknown match may hold or not, an unknown target is taken as going on with the next rule. What other findings say of packets that pass it rests on that.",
  exceptions:
    "Extensions that are not modelled yet: the finding says where to look closer, not that anything is wrong.",
  bad: ["*filter\n-A INPUT -m geoip --source-country AQ -j DROP\nCOMMIT\n"],
  good: ["*filter\n-A INPUT -s 192.0.2.0/24 -j DROP\nCOMMIT\n"],
  check: (context) =>
    rulesOf(context.ruleset).flatMap((placed) => {
      const { matches, target } = placed.rule;
      const unknown = [
        ...matches.filter((use) => use.kind === "unknown").map((use) => `match \`${use.name}\``),
        ...(target.kind === "unknown" ? [`target \`${target.name}\``] : []),
      ];
      if (unknown.length === 0) return [];
      const message = `${unknown.join(" and ")} ${unknown.length === 1 ? "is" : "are"} not modelled: what depends on this rule is assumed, not proved; check it by hand`;
      return [aboutRule(placed, context, message)];
    }),
});
