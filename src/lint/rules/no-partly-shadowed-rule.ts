import { agrees, blockerDecisions, blockerNames, blockerPlaces } from "../blocker-words.ts";
import { blockersOf, setRulesOf } from "../dead-rules.ts";
import { defineRule } from "../define-rule.ts";
import type { Found } from "../rule.ts";
import { decisionOf } from "../rule-facts.ts";
import { aboutRule, isUnconditional } from "../rules-of.ts";

/** From how many percent of a rule's addresses and ports on it is worth a word. */
const fewest = 50n;

export const noPartlyShadowedRule = defineRule({
  id: "NV105",
  name: "no-partly-shadowed-rule",
  level: "info",
  optional: true,
  summary: "A rule half of whose packets, or more, are taken before it and treated otherwise",
  why: "The rule still does something, but for the smaller part of what it names only. Counted are combinations of source, destination, protocol and ports; the state of the connection does not count, so that rules behind an accepted `ESTABLISHED` are not reported for it.",
  exceptions:
    "A wide rule behind its exceptions is the normal way to write them. The rule is off unless enabled.",
  bad: [
    "*filter\n-A INPUT -p tcp --dport 0:60000 -j ACCEPT\n-A INPUT -p tcp -s 192.0.2.0/24 -j DROP\nCOMMIT\n",
  ],
  good: ["*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp -s 192.0.2.0/24 -j DROP\nCOMMIT\n"],
  check(context) {
    const { space, assumptions } = context.analysis();
    return setRulesOf(context).flatMap((one): readonly Found[] => {
      const { placed, reach } = one;
      const own = decisionOf(placed, context);
      if (own === undefined || !reach.isMatched || isUnconditional(placed.rule)) return [];
      const { wanted } = one;
      const matched = reach.matchedOf(wanted);
      if (matched === wanted) return [];
      const all = space.count(wanted);
      const left = space.count(matched);
      const lost = all === 0n ? 0n : ((all - left) * 100n) / all;
      if (lost < fewest) return [];
      const taken = blockersOf(one, space.minus(wanted, matched), context);
      const others = taken.filter(({ decisions }) => [...decisions].some((decision) => decision !== own));
      if (others.length === 0) return [];
      const message = `${lost} % of what this rule names is taken before it: ${blockerNames(others)} of \`${placed.chain.name}\` ${agrees(others, "says", "say")} ${blockerDecisions(others)} where it says ${own}; check the order`;
      return [aboutRule(placed, context, message, { related: blockerPlaces(others, context), assumptions })];
    });
  },
});
