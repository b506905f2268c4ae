import type { RulePlace } from "../evaluate/trace.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Chain, Rule, Ruleset } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";
import { type ChainSummary, ExitList, passingLater, type TableExit, type WalkSite } from "./chain-summary.ts";
import { ChainTraits } from "./chain-traits.ts";
import { Jumps } from "./jumps.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { performOnSet } from "./perform-sets.ts";
import type { SetRule, SetRules } from "./set-rules.ts";
import { mergeStates, type State, split } from "./state.ts";
import { TablePassage } from "./table-passage.ts";
import type { View } from "./view.ts";

/** No packet comes by both of these: it was received, or is sent. */
const isFirst = (hook: Hook): boolean => hook === "PREROUTING" || hook === "OUTPUT";

/** Diagrams of so many nodes are walked with as quickly as the set of all packets. */
const fewNodes = 512;
/** A chain of so few rules, all below it among them, may be walked again for each path. */
const fewRules = 16;
/** A chain that few packets came to so often is walked with all of them. */
const fewVisits = 16;

/** Where the packets of one chain go, gathered on the way through it. */
interface Ends {
  readonly exits: ExitList;
  readonly calls: ChainSummary["calls"][number][];
  readonly accepted: (() => readonly State[])[];
  readonly queued: PacketSet[];
  readonly back: State[];
}

/**
 * Walks tables with sets of packets, as walk.ts does with one: what a rule matches goes its target's way, the rest goes
 * on; a jump comes back behind the rule, a goto does not; what RETURNs from the built-in chain meets its policy. Each
 * user-defined chain is walked once for each view, with all packets: whoever comes to it takes what concerns him.
 */
export class SetWalk {
  private readonly space: PacketSpace;
  private readonly ruleset: Ruleset;
  private readonly rules: SetRules;
  private readonly assume: (text: string) => void;
  private readonly known = new Map<string, ChainSummary>();
  private readonly traits: ChainTraits;
  /** How often each was walked with few packets. */
  private readonly narrow = new Map<string, number>();
  private readonly jumps: Jumps;

  constructor(space: PacketSpace, ruleset: Ruleset, rules: SetRules, assume: (text: string) => void) {
    this.space = space;
    this.ruleset = ruleset;
    this.rules = rules;
    this.assume = assume;
    this.jumps = new Jumps(ruleset);
    this.traits = new ChainTraits(ruleset, rules);
  }

  /**
   * Takes each packet of the states through the table; `undefined` where the rule set has no such chain. Built-in chains are
   * walked with the packets themselves, the chains below with all packets, once for all that jump to them. Others than the
   * `counted` packets take no part in the table: it is asked what would become of them.
   */
  walk(states: readonly State[], site: WalkSite, counted: PacketSet = 1): TablePassage | undefined {
    const chain = this.chain(site.table, site.hook);
    if (!chain) return undefined;
    const visit = this.space.visits.at(`${site.table} ${isFirst(site.hook) ? "first" : site.hook}`);
    const roots = states.map(({ set, view }) => {
      const asked = { set, view: view.lacking(this.missingFor(site.table, view)) };
      return this.run(chain, asked, site, new Set([chain]), visit);
    });
    const missing = states[0]?.view.missing ?? new Set();
    return new TablePassage(this.space, { ...site, missing, counted }, chain.policy ?? "ACCEPT", roots);
  }

  /** What nobody asks for does not tell views apart, so that hooks can share what is known of chains. */
  private missingFor(table: TableName, { missing }: View): View["missing"] {
    return new Set([...missing].filter((field) => this.rules.tableAsks(table, field)));
  }

  chain(table: TableName, name: string): Chain | undefined {
    return this.ruleset.tables.get(table)?.chains.get(name);
  }

  /** What a chain does with any packets, or with these. */
  private summaryOf(
    chain: Chain,
    { set, view }: State,
    site: WalkSite,
    open: ReadonlySet<Chain>,
    visit: number,
  ): ChainSummary {
    const inside = new Set([...open, chain]);
    const { memory, hook, path, rules } = this.traits.of(chain, site.table);
    // only one rule leads there, so that nobody else asks for other packets, or nobody but a few; what is asked of fields that
    // were joined is large, and worth being had once for all paths
    if (this.jumps.to(chain) === 1 && !view.isJoined) {
      const isOnce = rules <= fewRules || (open.size > 1 && this.space.bdd.isSmall(set, fewNodes));
      if (isOnce) return this.run(chain, { set, view }, site, inside, visit);
    }
    const key = [
      site.table,
      chain.name,
      hook ? site.hook : "",
      path ? site.path : "",
      memory ? visit : 0,
      view.key,
    ].join("\n");
    const start = this.startOf(key, set, site);
    const whole = start === 1 ? key : `${key}\n${start}`;
    let summary = this.known.get(whole);
    if (!summary) {
      summary = this.run(chain, { set: start, view }, site, inside, visit);
      this.known.set(whole, summary);
    }
    return summary;
  }

  /** The packets to walk a chain with: all, once for all that jump there, or those in hand where nobody asks for others. */
  private startOf(key: string, set: PacketSet, site: WalkSite): PacketSet {
    if (this.known.has(key)) return 1;
    if (!site.few) return 1;
    const visits = this.narrow.get(key) ?? 0;
    this.narrow.set(key, visits + 1);
    return visits < fewVisits ? set : 1;
  }

  /** The chain that a rule jumps or goes to. `bind` refuses jumps to nowhere; a rule set made by hand may still have one. */
  private targetOf({ target }: Rule, table: TableName): Chain | undefined {
    return target.kind === "jump" || target.kind === "goto" ? this.chain(table, target.chain) : undefined;
  }

  private run(
    chain: Chain,
    start: State,
    site: WalkSite,
    open: ReadonlySet<Chain>,
    visit: number,
  ): ChainSummary {
    const { space } = this;
    const ends: Ends = { exits: new ExitList(space), calls: [], accepted: [], queued: [], back: [] };
    const rules: ChainSummary["rules"][number][] = [];
    let goingOn: () => readonly State[] = () => (start.set === 0 ? [] : [start]);
    for (const [index, rule] of chain.rules.entries()) {
      const going = goingOn();
      if (going.length === 0) break;
      const place = { table: site.table, chain: chain.name, number: index + 1 };
      const ready = this.rules.of(rule, site.table);
      const { matched, rest } = this.meet(ready, going, visit);
      const sets = (states: readonly State[]) => space.or(...states.map(({ set }) => set));
      rules.push({ reached: sets(going), matched: sets(matched) });
      if (matched.length === 0 || ready.passive) {
        this.tellUnknown(rule, matched);
        continue;
      }
      const to = this.targetOf(rule, site.table);
      if (to && !open.has(to)) {
        const inside = this.visitThrough(rule, chain, visit);
        const returned = this.call(to, matched, site, open, inside, ends);
        if (rule.target.kind === "jump") goingOn = () => mergeStates(space, [...rest, ...returned()]);
        else {
          ends.back.push(...returned());
          goingOn = () => rest;
        }
      } else if (rule.target.kind === "known") {
        const on = this.act(ready, matched, place, site, ends);
        goingOn = () => mergeStates(space, [...rest, ...on]);
      }
    }
    const exits = ends.exits.all();
    const own = (end: TableExit["end"]) => exits.filter((exit) => exit.end === end).map(({ state }) => state);
    const accepted = () => {
      const below = ends.accepted.flatMap((states) => states());
      return mergeStates(space, [...own("accept"), ...own("socket"), ...below]);
    };
    const back = () => mergeStates(space, [...ends.back, ...goingOn()]);
    // copies: a list that grew has room for more, which tens of thousands of chains do not need; and one literal, for spread ones
    // get a shape each
    const later = chain.hook !== undefined;
    const summary = {
      start: start.set,
      chain,
      rules: rules.slice(),
      calls: ends.calls.slice(),
      exits,
      queued: space.or(...own("queue").map(({ set }) => set), ...ends.queued),
      accepted: later ? [] : accepted(),
      back: later ? [] : back(),
    };
    return later ? passingLater(summary, accepted, back) : summary;
  }

  /** Equal jumps of the two first hooks make one visit. */
  private visitThrough(rule: Rule, chain: Chain, visit: number): number {
    const { visits } = this.space;
    if (!chain.hook || !isFirst(chain.hook)) return visits.through(rule, visit);
    return visits.throughText(this.jumps.textOf(rule, chain), visit);
  }

  /** Splits states by a rule's conditions. */
  private meet(rule: SetRule, states: readonly State[], visit: number) {
    const matched: State[] = [];
    const rest: State[] = [];
    for (const state of states) {
      const holds = this.space.set(rule.formula, state.view, rule.stateful ? visit : 0);
      if (rule.passive) {
        matched.push({ ...state, set: this.space.and(state.set, holds) });
        continue;
      }
      const { inside, outside } = split(this.space, state, holds);
      if (inside.set !== 0) matched.push(inside);
      if (outside.set !== 0) rest.push(outside);
    }
    return { matched, rest };
  }

  /** Hands packets to another chain; gives those that come back from it, when they are asked for. */
  private call(
    chain: Chain,
    states: readonly State[],
    site: WalkSite,
    open: ReadonlySet<Chain>,
    visit: number,
    { calls, accepted, queued }: Ends,
  ): () => readonly State[] {
    const { space } = this;
    const returned: (() => readonly State[])[] = [];
    for (const from of states) {
      const { set } = from;
      const to = this.summaryOf(chain, from, site, open, visit);
      calls.push({ set, to });
      const own = (part: PacketSet) => (to.start === set ? part : space.and(set, part));
      queued.push(own(to.queued));
      const ownOf = (those: readonly State[]) => those.map((state) => ({ ...state, set: own(state.set) }));
      accepted.push(() => ownOf(to.accepted));
      returned.push(() => ownOf(to.back));
    }
    return () => returned.flatMap((those) => those());
  }

  /** Carries out a known target; gives the packets that go on. */
  private act(
    ready: SetRule,
    matched: readonly State[],
    place: RulePlace,
    site: WalkSite,
    into: Ends,
  ): readonly State[] {
    const only = ready.effects.length === 1 ? ready.effects[0] : undefined;
    if (only?.kind === "verdict" && only.verdict === "RETURN") {
      into.back.push(...matched);
      return [];
    }
    const on: State[] = [];
    for (const state of matched) {
      const { end, states } = performOnSet(this.space, ready.effects, state, site);
      if (end === "continue") on.push(...states);
      else for (const one of states) into.exits.add({ end, state: one, by: place });
    }
    return on;
  }

  private tellUnknown({ target }: Rule, matched: readonly State[]): void {
    if (target.kind !== "unknown" || matched.length === 0) return;
    const words = ["-j", target.name, ...target.words].join(" ");
    this.assume(`target \`${words}\` is not modelled; taken as going on with the next rule`);
  }
}
