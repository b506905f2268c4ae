import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { TableName } from "../extensions/extension.ts";
import { printRule } from "../model/print-rule.ts";
import { askingMatches } from "../model/rule-meaning.ts";
import type { Chain, MatchUse, Rule, Ruleset } from "../model/ruleset.ts";
import type { Found, LintContext, LintPlace } from "./rule.ts";

/** A rule with where it stands. */
export interface PlacedRule {
  readonly table: TableName;
  readonly chain: Chain;
  /** 1-based, as iptables -L --line-numbers counts. */
  readonly number: number;
  readonly rule: Rule;
}

const placed = new WeakMap<Ruleset, readonly PlacedRule[]>();

/** Every rule of a rule set, chain by chain in order; listed once. */
export function rulesOf(ruleset: Ruleset): readonly PlacedRule[] {
  const known = placed.get(ruleset) ?? placedRules(ruleset);
  placed.set(ruleset, known);
  return known;
}

function placedRules(ruleset: Ruleset): readonly PlacedRule[] {
  return [...ruleset.tables.values()].flatMap(({ name: table, chains }) =>
    [...chains.values()].flatMap((chain) =>
      chain.rules.map((rule, index) => ({ table, chain, number: index + 1, rule })),
    ),
  );
}

/** `filter/INPUT:7`. */
export const nameOf = ({ table, chain, number }: PlacedRule): string => `${table}/${chain.name}:${number}`;

export const printed = ({ rule, chain }: PlacedRule, { ruleset }: LintContext): string =>
  printRule(rule, chain.name, ruleset.family);

/** Where a rule was written; the start of the text where nobody knows. */
export function placeOf(placed: PlacedRule, context: LintContext, message?: string): LintPlace {
  const { origin } = placed.rule;
  const place: { source: Source; span: Span } = origin ?? {
    source: context.source,
    span: { start: 0, end: 0 },
  };
  const { source, span } = place;
  return message === undefined ? { source, span } : { source, span, message };
}

type More = Partial<Pick<Found, "related" | "assumptions">> & { readonly fix?: Found["fix"] | undefined };

/** A finding about one rule. Where its text gives several rules, the message says which of them it is. */
export function aboutRule(placed: PlacedRule, context: LintContext, message: string, more: More = {}): Found {
  const { related = [], assumptions = [], fix } = more;
  const { table, chain, number } = placed;
  const text = printed(placed, context);
  const count = rulesOfText(placed, context.ruleset);
  const found = {
    message: count > 1 ? `${message} (of the ${count} rules of this command, \`${text}\`)` : message,
    place: placeOf(placed, context),
    about: { table, chain: chain.name, number },
    subject: `${table} ${text}`,
    related,
    assumptions,
  };
  return fix ? { ...found, fix } : found;
}

const counts = new WeakMap<Ruleset, ReadonlyMap<string, number>>();

/** How many rules of a rule set the text of this one gave: `-s a,b` gives two. */
export function rulesOfText({ rule }: PlacedRule, ruleset: Ruleset): number {
  let known = counts.get(ruleset);
  if (!known) {
    const made = new Map<string, number>();
    for (const { rule } of rulesOf(ruleset)) made.set(textKey(rule), (made.get(textKey(rule)) ?? 0) + 1);
    known = made;
    counts.set(ruleset, known);
  }
  return rule.origin ? (known.get(textKey(rule)) ?? 0) : 1;
}

const textKey = ({ origin }: Rule): string =>
  origin ? `${origin.source.name} ${origin.span.start}:${origin.span.end}` : "";

/** Whether every packet that reaches the rule matches it, by its text alone. */
export const isUnconditional = (rule: Rule): boolean =>
  Object.keys(rule.spec).length === 0 && askingMatches(rule).length === 0;

/** The name behind -j where it is a target and no chain. */
export const targetName = ({ target }: Rule): string | undefined =>
  target.kind === "known" ? target.target.name : target.kind === "unknown" ? target.name : undefined;

/** The known match of this name that a rule has. */
export function matchOf(
  rule: Rule,
  ...names: readonly string[]
): Extract<MatchUse, { kind: "known" }> | undefined {
  for (const use of rule.matches) {
    if (use.kind === "known" && names.includes(use.match.name)) return use;
  }
  return undefined;
}
