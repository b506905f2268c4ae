import { defineRule } from "../define-rule.ts";
import { pairsOf } from "../pairs.ts";
import { aboutRule, nameOf, placeOf } from "../rules-of.ts";

export const noCorrelatedRules = defineRule({
  id: "NV107",
  name: "no-correlated-rules",
  level: "info",
  optional: true,
  summary: "Two rules that overlap and decide differently",
  why: "Each wants packets that the other does not, some they share, and they disagree about those: their order alone decides, and nothing in either rule says that it matters.",
  exceptions:
    "Overlaps that are known and meant. The rule is off unless enabled, for a review of a rule set.",
  bad: ["*filter\n-A INPUT -s 10.0.0.0/8 -p tcp -j ACCEPT\n-A INPUT -p tcp --dport 25 -j DROP\nCOMMIT\n"],
  good: [
    "*filter\n-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp --dport 25 -j DROP\nCOMMIT\n",
  ],
  check: (context) =>
    pairsOf(context)
      .filter(({ wider }) => !wider)
      .map(({ earlier, later, decisions: [theirs, mine] }) => {
        const message = `packets that rule ${earlier.placed.number} of \`${earlier.placed.chain.name}\` wants, too, get its ${theirs} and not this ${mine}; check that this order is meant`;
        const related = [placeOf(earlier.placed, context, `\`${nameOf(earlier.placed)}\` overlaps`)];
        return aboutRule(later.placed, context, message, { related });
      }),
});
