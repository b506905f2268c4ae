import type { Effect } from "../extensions/effect.ts";
import type { TableName } from "../extensions/extension.ts";
import { allOf, compile, type Predicate } from "../formula/compile.ts";
import { type Formula, hasMemory, hotdropIf, quietOpaque } from "../formula/formula.ts";
import { type Requirements, requirementsOf } from "../formula/requirements.ts";
import type { Backend } from "../model/hooks.ts";
import { argsOf, matchFormula, type RuleSite, siteOf, specFormulas } from "../model/rule-formula.ts";
import type { MatchUse, Rule, RuleSpec } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import type { World } from "../packet/context.ts";
import type { CompiledChain } from "./compiled-chain.ts";
import type { RulePlace } from "./trace.ts";
import type { WalkEnd } from "./walk-end.ts";
import type { MachineWorld } from "./world.ts";

/** Packets and bytes; both stay below 2^53 in any run of ours. */
export interface MutableCounters {
  packets: number;
  bytes: number;
}

/** What follows once a rule has matched. */
export type Action =
  | { readonly kind: "continue" }
  | { readonly kind: "jump" | "goto"; readonly chain: CompiledChain }
  | { readonly kind: "return" }
  | { readonly kind: "verdict"; readonly verdict: "accept" | "drop" | "queue" }
  | { readonly kind: "effects"; readonly effects: readonly Effect[] }
  | { readonly kind: "assume"; readonly text: string };

export interface CompiledRule {
  readonly rule: Rule;
  /** Another one once the rule has to forget. */
  test: Predicate;
  /** The rule's conditions, for near misses. */
  readonly conditions: readonly Formula[];
  readonly effects: readonly Effect[];
  readonly action: Action;
  readonly counters: MutableCounters;
  /** What became of the last packet whose walk it ended. */
  end: WalkEnd | undefined;
  /** Where it stands now. */
  readonly place: () => RulePlace;
}

/** A world that may tell rules apart. */
export type RuleWorld = World & Partial<Pick<MachineWorld, "seenFrom">>;

export interface CompileSite {
  readonly family: Family;
  readonly table: TableName;
  readonly backend: Backend;
  readonly world: RuleWorld;
  /** The table's chains, those that rules jump to. */
  readonly chains: ReadonlyMap<string, CompiledChain>;
}

/** A match as one `-p` reads it. */
interface SharedMatch {
  readonly protocol: Protocol;
  readonly formula: Formula;
  /** Made when it is first needed; a match that remembers has none, since each rule has its own memory. */
  test: Predicate | undefined;
}

/** Matches whose meaning is kept. What rules share is mostly shared with rules nearby. */
const mostShared = 512;
const mostPlaces = 64;

/** Turns the rules of one table into predicates and actions. */
export class RuleCompiler {
  readonly #site: CompileSite;
  /** Rules read from the same words share their matches. */
  #matches = new Map<MatchUse, SharedMatch>();

  #places = new Map<Protocol, RuleSite>();

  constructor(site: CompileSite) {
    this.#site = site;
  }

  /** The memory of the rule's stateful matches begins here, at `world.now`. */
  compile(rule: Rule, place: () => RulePlace): CompiledRule {
    const { family, world, chains } = this.#site;
    const { target } = rule;
    const effects =
      target.kind === "known" ? target.target.effects(argsOf(target.args), this.#placeOf(rule.spec)) : [];
    const own = ownConditions(rule.spec, family);
    const shared = rule.matches.map((use) => this.#match(use, rule.spec));
    const seen = world.seenFrom?.(rule, place) ?? world;
    const tests = [
      ...own.map((formula) => compile(formula, world)),
      ...shared.map((match) => this.#testOf(match, seen)),
    ];
    return {
      rule,
      test: allOf(tests),
      conditions: [...own, ...shared.map(({ formula }) => formula)],
      effects,
      action: actionOf(rule, effects, chains),
      counters: { packets: Number(rule.counters.packets), bytes: Number(rule.counters.bytes) },
      end: undefined,
      place,
    };
  }

  /** What can be said of the rule before it is compiled. */
  requirements(rule: Rule): Requirements {
    const { spec, matches } = rule.conditions();
    const own = ownConditions(spec, this.#site.family);
    return requirementsOf([...own, ...matches.map((use) => this.#match(use, spec).formula)]);
  }

  /** Rules with one `-p` share their place; those of a save file share its object, too. */
  #placeOf(spec: RuleSpec): RuleSite {
    const { family, table, world, backend } = this.#site;
    const known = this.#places.get(spec.protocol);
    if (known && known.sets === world.sets) return known;
    const place = { ...siteOf(family, table, spec), sets: world.sets, backend };
    if (this.#places.size >= mostPlaces) this.#places = new Map();
    this.#places.set(spec.protocol, place);
    return place;
  }

  #match(use: MatchUse, spec: RuleSpec): SharedMatch {
    const { protocol } = spec;
    const known = this.#matches.get(use);
    if (known && sameProtocol(known.protocol, protocol)) return known;
    const match = { protocol, formula: matchFormula(use, this.#placeOf(spec)), test: undefined };
    // clear() would leave a chain of tables behind that hold each other until the next full collection
    if (this.#matches.size >= mostShared) this.#matches = new Map();
    this.#matches.set(use, match);
    return match;
  }

  #testOf(match: SharedMatch, seen: World): Predicate {
    if (hasMemory(match.formula)) return compile(match.formula, seen);
    match.test ??= compile(match.formula, this.#site.world);
    return match.test;
  }
}

type Protocol = RuleSpec["protocol"];

const sameProtocol = (one: Protocol, other: Protocol): boolean =>
  one?.value === other?.value && one?.inverted === other?.inverted;

/**
 * A rule's own conditions in the kernel's order. One of ip6tables that asks for a protocol drops the packet whose extension
 * headers lead to none (ip6_packet_match, net/ipv6/netfilter/ip6_tables.c).
 */
function ownConditions(spec: RuleSpec, family: Family): readonly Formula[] {
  const formulas = specFormulas(spec);
  const { protocol } = spec;
  if (family === "ipv4" || !protocol || protocol.value === 0) return formulas;
  // addresses and interfaces are asked before, the protocol last
  return [...formulas.slice(0, -1), ...unsoundHeaders, ...formulas.slice(-1)];
}

/** iptables-nft drops no such packet, but neither `-p` nor `! -p` holds for it (nft_set_pktinfo_ipv6). */
const unsoundHeaders: readonly Formula[] = [
  hotdropIf(
    quietOpaque(
      "unsound IPv6 extension headers, legacy",
      ({ packet, backend }) => backend !== "nft" && packet.ruleProtocol(false) < 0,
    ),
    "the packet's extension headers lead to no transport header",
  ),
  quietOpaque(
    "sound IPv6 extension headers, nft",
    ({ packet, backend }) => backend !== "nft" || packet.ruleProtocol(true) >= 0,
  ),
];

function actionOf(
  { target }: Rule,
  effects: readonly Effect[],
  chains: ReadonlyMap<string, CompiledChain>,
): Action {
  switch (target.kind) {
    case "none":
      return { kind: "continue" };
    case "jump":
    case "goto": {
      const chain = chains.get(target.chain);
      // bind refuses jumps to nowhere; a rule set made by hand may still have one
      if (!chain)
        return {
          kind: "assume",
          text: `chain \`${target.chain}\` does not exist; the jump to it is skipped`,
        };
      return { kind: target.kind, chain };
    }
    case "unknown": {
      const words = ["-j", target.name, ...target.words].join(" ");
      return {
        kind: "assume",
        text: `target \`${words}\` is not modelled; taken as going on with the next rule`,
      };
    }
    case "known":
      return knownAction(effects);
  }
}

function knownAction(effects: readonly Effect[]): Action {
  const only = effects.length === 1 ? effects[0] : undefined;
  if (only?.kind !== "verdict") return { kind: "effects", effects };
  switch (only.verdict) {
    case "RETURN":
      return { kind: "return" };
    case "ACCEPT":
      return { kind: "verdict", verdict: "accept" };
    case "DROP":
      return { kind: "verdict", verdict: "drop" };
    case "QUEUE":
      return { kind: "verdict", verdict: "queue" };
  }
}
