import { printNetwork } from "../arg-types/address-mask.ts";
import type { OptionTable } from "../extensions/extension.ts";
import { describeFormula } from "../formula/explain.ts";
import type { Formula } from "../formula/formula.ts";
import { keptOptions } from "../model/extension-use.ts";
import { printMatch, printRule, printTarget } from "../model/print-rule.ts";
import type { LoneRule } from "../model/read-rule.ts";
import { conditionsOf, siteOf } from "../model/rule-formula.ts";
import type { BoundArgs, MatchUse, Rule, RuleSpec, TargetUse } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import { protocolName } from "../packet/protocols.ts";

/** One option of a rule: as it is printed, and what it does. */
export interface ExplainedOption {
  readonly name: string;
  readonly value: string;
  readonly inverted: boolean;
  readonly help: string;
}

/** A match or a target of a rule. */
export interface ExplainedPart {
  /** As iptables-save prints it; empty for what the rule itself asks. */
  readonly text: string;
  readonly known: boolean;
  /** What the extension is for; what is asked, of the rule itself. */
  readonly summary: string;
  /** Of a match: what it asks of the packet. */
  readonly condition?: string;
  readonly options: readonly ExplainedOption[];
}

/** What a rule matches and does, in words. */
export interface Explanation {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  /** As iptables-save prints it. */
  readonly rule: string;
  readonly matches: readonly ExplainedPart[];
  readonly action: ExplainedPart;
}

/** Explains a rule from the declarations of the extensions that it uses. */
export const explainRule = ({ family, table, chain, rules }: LoneRule): readonly Explanation[] =>
  rules.map((rule) => {
    const conditions = conditionsOf(rule, siteOf(family, table, rule.spec));
    const matches = [
      ...explainSpec(rule.spec),
      ...conditions.flatMap(({ match, formula }) =>
        match ? [explainMatch(match, rule, family, conditionText(formula))] : [],
      ),
    ];
    const action = explainTarget(rule.target, rule, family);
    return { family, table, chain, rule: printRule(rule, chain, family), matches, action };
  });

/** What the rule itself asks, beside its matches. */
function explainSpec(spec: RuleSpec): readonly ExplainedPart[] {
  const { source, destination, inInterface, outInterface, protocol, fragment } = spec;
  const is = (arg: { readonly inverted: boolean }) => (arg.inverted ? "is not" : "is");
  const network = (end: string, arg: RuleSpec["source"]) =>
    arg && `its ${end} ${is(arg)} in ${printNetwork(arg.value)}`;
  const device = (end: string, arg: RuleSpec["inInterface"]) =>
    arg && `its ${end} interface ${is(arg)} ${arg.value}`;
  return [
    network("source", source),
    network("destination", destination),
    device("incoming", inInterface),
    device("outgoing", outInterface),
    protocol && `its protocol ${is(protocol)} ${protocolName(protocol.value)}`,
    fragment && `it ${is(fragment)} a second or further fragment`,
  ]
    .filter((summary) => summary !== undefined)
    .map((summary) => ({ text: "", known: true, summary, options: [] }));
}

/** What a match asks, without what holds of all sound packets; `undefined` where nothing is left. */
function conditionText(formula: Formula): string | undefined {
  const parts = conjuncts(formula).filter(({ kind }) => kind !== "hotdrop" && kind !== "always");
  return parts.length === 0 ? undefined : parts.map(describeFormula).join(" and ");
}

const conjuncts = (formula: Formula): readonly Formula[] =>
  formula.kind === "and" ? formula.of.flatMap(conjuncts) : [formula];

const isUnknown = "netverdict does not know it: its words are kept, and what depends on it is assumed";

function explainMatch(
  use: MatchUse,
  rule: Rule,
  family: Family,
  condition: string | undefined,
): ExplainedPart {
  const text = printMatch(use, rule.spec, family);
  if (use.kind === "unknown") return { text, known: false, summary: isUnknown, options: [] };
  const { summary, options } = use.match;
  const explained = explainOptions(options, use.args, rule, family, text);
  return { text, known: true, summary, ...(condition && { condition }), options: explained };
}

function explainTarget(use: TargetUse, rule: Rule, family: Family): ExplainedPart {
  const text = printTarget(use, rule.spec, family);
  const plain = (summary: string, known = true) => ({ text, known, summary, options: [] });
  switch (use.kind) {
    case "none":
      return plain("Counts the packet and goes on with the next rule");
    case "jump":
      return plain(`Goes on in the chain ${use.chain}, and comes back where that decides nothing`);
    case "goto":
      return plain(`Goes on in the chain ${use.chain}, and does not come back to this one`);
    case "unknown":
      return plain(isUnknown, false);
    case "known": {
      const { summary, options } = use.target;
      return { text, known: true, summary, options: explainOptions(options, use.args, rule, family, text) };
    }
  }
}

function explainOptions(
  table: OptionTable,
  args: BoundArgs,
  { spec }: Rule,
  family: Family,
  text: string,
): readonly ExplainedOption[] {
  const protocol = spec.protocol?.inverted ? undefined : spec.protocol?.value;
  return keptOptions(table).flatMap(([name, { arg, help }]) => {
    const given = args[name];
    // what iptables-save leaves out nobody asked for
    if (!given || !`${text} `.includes(` --${name} `)) return [];
    const value = arg.words === 0 ? "" : arg.print(given.value, { family, protocol });
    return [{ name, value, inverted: given.inverted, help }];
  });
}
