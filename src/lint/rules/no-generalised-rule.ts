import { defineRule } from "../define-rule.ts";
import { pairsOf } from "../pairs.ts";
import { aboutRule, nameOf, placeOf } from "../rules-of.ts";

export const noGeneralisedRule = defineRule({
  id: "NV106",
  name: "no-generalised-rule",
  level: "info",
  optional: true,
  summary: "A rule that is an exception to a wider one behind it",
  why: "The later rule wants all that the earlier one matches and decides otherwise: the earlier is an exception. That is how exceptions are written, and it is where a careless reordering changes what the rules mean.",
  exceptions: "Nearly all of them are meant. The rule is off unless enabled, for a review of a rule set.",
  bad: ["*filter\n-A INPUT -s 10.1.2.3/32 -j DROP\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n"],
  good: ["*filter\n-A INPUT -s 192.0.2.1/32 -j DROP\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n"],
  check: (context) =>
    pairsOf(context)
      .filter(({ wider }) => wider)
      .map(({ earlier, later, decisions: [mine, theirs] }) => {
        const message = `this ${mine} is an exception to rule ${later.placed.number} of \`${later.placed.chain.name}\`, which says ${theirs} and takes the rest; keep their order`;
        const related = [placeOf(later.placed, context, `\`${nameOf(later.placed)}\` is the wider one`)];
        return aboutRule(earlier.placed, context, message, { related });
      }),
});
