import type { PacketSet, RuleReach } from "../analyse/analysis.ts";
import type { PacketSpace } from "../analyse/packet-space.ts";
import { equals } from "../formula/formula.ts";
import { walkChain } from "../model/reach.ts";
import { jumpOf } from "../model/rule-target.ts";
import type { Chain } from "../model/ruleset.ts";
import { fields } from "../packet/fields.ts";
import { coverOf } from "./cover.ts";
import { duplicatesOf } from "./duplicates.ts";
import type { LintContext } from "./rule.ts";
import { type Decision, decisionOf } from "./rule-facts.ts";
import { type PlacedRule, rulesOf } from "./rules-of.ts";

/** A rule with the sets of packets that the analysis knows of it. */
export interface SetRule {
  readonly placed: PlacedRule;
  readonly reach: RuleReach;
  /** The packets that enter the rule's chain and satisfy the rule's conditions. */
  readonly wanted: PacketSet;
}

/** Why packets that a rule wants do not get to it. */
export interface Blocker {
  readonly placed: PlacedRule;
  /** What becomes of them: the decision of the rule, or of the rules behind its jump. */
  readonly decisions: ReadonlySet<Decision>;
}

const known = new WeakMap<LintContext["ruleset"], readonly SetRule[]>();

/** All rules that packets could get to by the text, with their sets. Duplicates are left out: a rule of their own tells them. */
export function setRulesOf(context: LintContext): readonly SetRule[] {
  let rules = known.get(context.ruleset);
  if (!rules) {
    rules = makeSetRules(context);
    known.set(context.ruleset, rules);
  }
  return rules;
}

function makeSetRules(context: LintContext): readonly SetRule[] {
  const analysis = context.analysis();
  const reaches = analysis.rules();
  const entered = new Set<Chain>();
  const told = new Set([...duplicatesOf(context).keys()].map(({ rule }) => rule));
  return rulesOf(context.ruleset).flatMap((placed, index): readonly SetRule[] => {
    const reach = reaches[index];
    const { chain, number, rule } = placed;
    if (!reach) return [];
    if (number === 1 && reach.isReached) entered.add(chain);
    // what stands behind an unconditional end, or in a chain that nothing enters, is told as a whole
    if (!entered.has(chain) || number > walkChain(chain).live || told.has(rule)) return [];
    return [new LazySetRule(placed, reach, analysis.space)];
  });
}

/** Most rules are asked for nothing but whether they matched anything. */
class LazySetRule implements SetRule {
  readonly placed: PlacedRule;
  readonly reach: RuleReach;
  readonly #space: PacketSpace;

  constructor(placed: PlacedRule, reach: RuleReach, space: PacketSpace) {
    this.placed = placed;
    this.reach = reach;
    this.#space = space;
  }

  get wanted(): PacketSet {
    return this.#space.and(this.reach.entering, this.reach.conditions);
  }
}

/** The rules before this one in its chain that take packets of `lost`, in order. */
export function blockersOf({ placed }: SetRule, lost: PacketSet, context: LintContext): readonly Blocker[] {
  const { space } = context.analysis();
  const reaches = reachesByRule(context);
  const { chain, number, table } = placed;
  const blockers: Blocker[] = [];
  let rest = lost;
  for (const [index, rule] of chain.rules.slice(0, number - 1).entries()) {
    if (rest === 0) break;
    const here = reaches.get(rule);
    const next = reaches.get(chain.rules[index + 1] ?? rule);
    if (!here || !next) continue;
    const came = here.reachedOf(rest);
    const taken = space.minus(came, next.reachedOf(came));
    if (taken === 0) continue;
    rest = space.minus(rest, taken);
    const blocker = { table, chain, number: index + 1, rule };
    blockers.push({ placed: blocker, decisions: decisionsOn(blocker, taken, context) });
  }
  return blockers;
}

/** What a rule, or the chains that it leads to, decide about some packets. */
function decisionsOn(placed: PlacedRule, packets: PacketSet, context: LintContext): ReadonlySet<Decision> {
  const own = decisionOf(placed, context);
  if (own !== undefined) return new Set([own]);
  const reaches = reachesByRule(context);
  const found = new Set<Decision>();
  const seen = new Set<string>();
  const pending = [jumpOf(placed.rule)];
  while (pending.length > 0) {
    const name = pending.pop();
    const chain = name === undefined ? undefined : context.ruleset.tables.get(placed.table)?.chains.get(name);
    if (!chain || seen.has(chain.name)) continue;
    seen.add(chain.name);
    for (const [index, rule] of chain.rules.entries()) {
      const reach = reaches.get(rule);
      if (!reach?.matchesAny(packets)) continue;
      const inner = { table: placed.table, chain, number: index + 1, rule };
      const decision = decisionOf(inner, context);
      if (decision !== undefined && decision !== "RETURN") found.add(decision);
      pending.push(jumpOf(rule));
    }
  }
  return found;
}

const byRule = new WeakMap<LintContext["ruleset"], ReadonlyMap<PlacedRule["rule"], RuleReach>>();

function reachesByRule(context: LintContext): ReadonlyMap<PlacedRule["rule"], RuleReach> {
  let map = byRule.get(context.ruleset);
  if (!map) {
    const reaches = context.analysis().rules();
    map = new Map(
      rulesOf(context.ruleset).flatMap(({ rule }, index) => {
        const reach = reaches[index];
        return reach ? [[rule, reach] as const] : [];
      }),
    );
    byRule.set(context.ruleset, map);
  }
  return map;
}

/** A rule whose packets are all taken by rules before it. */
export interface ShadowedRule extends SetRule {
  /** The rules to name: as few as there can be. */
  readonly blockers: readonly Blocker[];
  /** Whether all rules that take its packets decide as the rule would. */
  readonly same: boolean;
}

const shadowedRules = new WeakMap<LintContext["ruleset"], readonly ShadowedRule[]>();

export function shadowedOf(context: LintContext): readonly ShadowedRule[] {
  let found = shadowedRules.get(context.ruleset);
  if (!found) {
    found = setRulesOf(context)
      .filter(({ reach }) => !reach.isMatched)
      .filter(({ wanted }) => wanted !== 0)
      .map((one) => {
        const { placed, reach, wanted } = one;
        const takers = blockersOf(one, wanted, context);
        const conditionsOf = (rule: PlacedRule["rule"]) => reachesByRule(context).get(rule)?.conditions;
        const blockers = coverOf(wholeOnly(reach, context), takers, conditionsOf, context);
        return { placed, reach, wanted, blockers, same: decideAlike(placed, takers, context) };
      })
      .filter(({ blockers }) => blockers.length > 0);
    shadowedRules.set(context.ruleset, found);
  }
  return found;
}

/** What the rule's conditions hold for; without fragments, where none comes to it. */
function wholeOnly({ conditions, entering }: RuleReach, context: LintContext): PacketSet {
  const { space } = context.analysis();
  const whole = space.set(equals(fields.fragmentOffset, 0));
  return space.implies(entering, whole) ? space.and(conditions, whole) : conditions;
}

/** Whether all blockers do to packets what the rule would do. */
export function decideAlike(placed: PlacedRule, blockers: readonly Blocker[], context: LintContext): boolean {
  const own = decisionOf(placed, context);
  // which address NAT gives, or which ICMP error REJECT sends, is more than the decision's name
  if (own === undefined || own === "NAT" || own === "REJECT" || own === "QUEUE") return false;
  return blockers.every(({ decisions }) => decisions.size === 1 && decisions.has(own));
}
