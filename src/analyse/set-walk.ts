import type { RulePlace } from "../evaluate/trace.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Chain, Rule, Ruleset } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";
import type { Region } from "./analysis.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { Path } from "./path.ts";
import { type EffectEnd, performOnSet } from "./perform-sets.ts";
import type { SetRule, SetRules } from "./set-rules.ts";
import { mergeStates, type State, split } from "./state.ts";

export type By = Region["by"];

/** Packets that leave a table: through it, or at their end. */
export interface TableExit {
  readonly end: Exclude<EffectEnd, "continue">;
  readonly state: State;
  readonly by: By;
}

/** Takes what is learned about each rule. */
export interface RuleRecorder {
  record(rule: Rule, place: RulePlace, reached: PacketSet, matched: PacketSet): void;
  assume(text: string): void;
}

export interface WalkSite {
  readonly table: TableName;
  readonly hook: Hook;
  readonly path: Path;
}

/**
 * Walks a table with sets of packets, as walk.ts does with one: what a rule matches goes its target's way, the rest goes
 * on; a jump comes back behind the rule, a goto does not; what RETURNs from the built-in chain meets its policy.
 */
export class SetWalk {
  private readonly space: PacketSpace;
  private readonly ruleset: Ruleset;
  private readonly rules: SetRules;
  private readonly recorder: RuleRecorder;
  /** For rules with a memory: the packets that asked them before on this path, visit by visit. */
  private readonly visits = new Map<Rule, PacketSet[]>();

  constructor(space: PacketSpace, ruleset: Ruleset, rules: SetRules, recorder: RuleRecorder) {
    this.space = space;
    this.ruleset = ruleset;
    this.rules = rules;
    this.recorder = recorder;
  }

  /** Takes each packet of the states to the table's end; `exit` gets them all, in disjoint pieces. */
  walk(states: readonly State[], site: WalkSite, exit: (exit: TableExit) => void): void {
    const chain = this.ruleset.tables.get(site.table)?.chains.get(site.hook);
    if (!chain) return;
    const { table } = site;
    const through = new Chains(this, site, exit).run(chain, states);
    const policy = chain.policy ?? "ACCEPT";
    for (const state of through) {
      exit({ end: policy === "ACCEPT" ? "accept" : "drop", state, by: { table, chain: chain.name, policy } });
    }
  }

  chain(table: TableName, name: string): Chain | undefined {
    return this.ruleset.tables.get(table)?.chains.get(name);
  }

  /** Splits a state by a rule's conditions. */
  meet(rule: SetRule, place: RulePlace, state: State): { readonly matched: State; readonly rest: State } {
    const visit = rule.stateful ? this.visitOf(rule.rule, state.set) : 0;
    const holds = this.space.set(rule.formula, state.view, visit);
    const { inside, outside } = split(this.space, state, holds);
    this.recorder.record(rule.rule, place, state.set, inside.set);
    return { matched: inside, rest: outside };
  }

  /** How often these packets have asked the rule before: each time it may answer differently. */
  private visitOf(rule: Rule, set: PacketSet): number {
    const before = this.visits.get(rule) ?? [];
    this.visits.set(rule, before);
    let visit = before.findIndex((earlier) => this.space.disjoint(earlier, set));
    if (visit < 0) visit = before.length;
    before[visit] = this.space.or(before[visit] ?? 0, set);
    return visit;
  }

  perform(rule: SetRule, state: State, site: WalkSite) {
    return performOnSet(this.space, rule.effects, state, site);
  }

  merge(states: readonly State[]): readonly State[] {
    return mergeStates(this.space, states);
  }

  ready(rule: Rule, table: TableName): SetRule {
    return this.rules.of(rule, table);
  }

  assume(text: string): void {
    this.recorder.assume(text);
  }
}

/** One walk through a table's chains. */
class Chains {
  private readonly walk: SetWalk;
  private readonly site: WalkSite;
  private readonly exit: (exit: TableExit) => void;
  /** The chains that are being walked: a jump back into one is a loop, which iptables refuses. */
  private readonly open = new Set<string>();

  constructor(walk: SetWalk, site: WalkSite, exit: (exit: TableExit) => void) {
    this.walk = walk;
    this.site = site;
    this.exit = exit;
  }

  /** Gives the packets that come to the chain's end or RETURN. */
  run(chain: Chain, states: readonly State[]): readonly State[] {
    if (this.open.has(chain.name)) return states;
    this.open.add(chain.name);
    const back: State[] = [];
    let going = states;
    for (const [index, rule] of chain.rules.entries()) {
      if (going.length === 0) break;
      going = this.meet(rule, { table: this.site.table, chain: chain.name, number: index + 1 }, going, back);
    }
    this.open.delete(chain.name);
    return this.walk.merge([...back, ...going]);
  }

  /** Gives the packets that go on with the next rule; `back` gets those that leave the chain upwards. */
  private meet(rule: Rule, place: RulePlace, states: readonly State[], back: State[]): readonly State[] {
    const { walk } = this;
    const ready = walk.ready(rule, place.table);
    const matched: State[] = [];
    const rest: State[] = [];
    for (const state of states) {
      const parts = walk.meet(ready, place, state);
      if (parts.matched.set !== 0) matched.push(parts.matched);
      if (parts.rest.set !== 0) rest.push(parts.rest);
    }
    if (rule.target.kind === "unknown" && matched.length > 0) {
      const words = ["-j", rule.target.name, ...rule.target.words].join(" ");
      walk.assume(`target \`${words}\` is not modelled; taken as going on with the next rule`);
    }
    if (ready.passive) return states;
    if (matched.length === 0) return rest;
    const { target } = rule;
    if (target.kind === "jump" || target.kind === "goto") {
      const chain = walk.chain(place.table, target.chain);
      // bind refuses jumps to nowhere; a rule set made by hand may still have one
      if (!chain) return states;
      const returned = this.run(chain, matched);
      if (target.kind === "jump") return walk.merge([...rest, ...returned]);
      back.push(...returned);
      return rest;
    }
    return walk.merge([...rest, ...this.act(ready, matched, place, back)]);
  }

  /** Carries out a known target; gives the packets that go on. */
  private act(ready: SetRule, matched: readonly State[], place: RulePlace, back: State[]): readonly State[] {
    const only = ready.effects.length === 1 ? ready.effects[0] : undefined;
    if (only?.kind === "verdict" && only.verdict === "RETURN") {
      back.push(...matched);
      return [];
    }
    const on: State[] = [];
    for (const state of matched) {
      const { end, states } = this.walk.perform(ready, state, this.site);
      if (end === "continue") on.push(...states);
      else for (const one of states) if (one.set !== 0) this.exit({ end, state: one, by: place });
    }
    return on;
  }
}
