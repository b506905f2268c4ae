import type { Effect } from "../extensions/effect.ts";
import type { Site, TableName } from "../extensions/extension.ts";
import { compile, type Predicate } from "../formula/compile.ts";
import { and, type Formula, hotdropIf, opaque } from "../formula/formula.ts";
import type { Backend } from "../model/hooks.ts";
import { argsOf, conditionsOf, siteOf } from "../model/rule-formula.ts";
import type { Chain, Rule, Ruleset } from "../model/ruleset.ts";
import type { World } from "../packet/context.ts";
import { nativeFormula } from "./native-match.ts";
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
  /** 1-based. */
  readonly number: number;
  readonly test: Predicate;
  /** The rule's conditions, for near misses. */
  readonly conditions: readonly Formula[];
  readonly effects: readonly Effect[];
  readonly action: Action;
  readonly counters: MutableCounters;
}

export interface CompiledChain {
  readonly table: TableName;
  readonly name: string;
  readonly policy: "ACCEPT" | "DROP" | undefined;
  readonly counters: MutableCounters;
  /** Filled after all chains exist, since rules point at chains. */
  readonly rules: CompiledRule[];
}

export type CompiledTable = ReadonlyMap<string, CompiledChain>;

type SeenWorld = World & Partial<Pick<MachineWorld, "seenFrom">>;

/** Turns a rule set into predicates and actions. The memory of stateful matches begins here, at `world.now`. */
export function compileRuleset(
  ruleset: Ruleset,
  world: SeenWorld,
  backend: Backend = "legacy",
): ReadonlyMap<TableName, CompiledTable> {
  const tables = new Map<TableName, CompiledTable>();
  for (const table of ruleset.tables.values()) {
    const chains = new Map<string, CompiledChain>();
    for (const chain of table.chains.values()) chains.set(chain.name, emptyChain(table.name, chain));
    for (const chain of table.chains.values()) {
      const compiled = chains.get(chain.name)!;
      chain.rules.forEach((rule, index) => {
        compiled.rules.push(compileRule(rule, index + 1, compiled, ruleset, chains, world, backend));
      });
    }
    tables.set(table.name, chains);
  }
  return tables;
}

const mutable = ({ packets, bytes }: { packets: bigint; bytes: bigint }): MutableCounters => ({
  packets: Number(packets),
  bytes: Number(bytes),
});

const emptyChain = (table: TableName, chain: Chain): CompiledChain => ({
  table,
  name: chain.name,
  policy: chain.policy,
  counters: mutable(chain.counters),
  rules: [],
});

function compileRule(
  rule: Rule,
  number: number,
  { table, name: chain }: CompiledChain,
  ruleset: Ruleset,
  chains: ReadonlyMap<string, CompiledChain>,
  world: SeenWorld,
  backend: Backend,
): CompiledRule {
  const site: Site = { ...siteOf(ruleset.family, table, rule.spec), sets: world.sets };
  const conditions = kernelConditions(rule, site, backend);
  const { target } = rule;
  const effects = target.kind === "known" ? target.target.effects(argsOf(target.args), site) : [];
  return {
    rule,
    number,
    test: compile(and(...conditions), world.seenFrom?.({ table, chain, number, rule }) ?? world),
    conditions,
    effects,
    action: actionOf(rule, effects, chains),
    counters: mutable(rule.counters),
  };
}

/**
 * A rule's conditions in the kernel's order. One of ip6tables that asks for a protocol drops the packet whose extension
 * headers lead to none (ip6_packet_match, net/ipv6/netfilter/ip6_tables.c).
 */
function kernelConditions(rule: Rule, site: Site, backend: Backend): readonly Formula[] {
  const conditions = conditionsOf(rule, site);
  const formulas = conditions.map(({ match, formula }) =>
    match && backend === "nft" ? nativeFormula(match, formula) : formula,
  );
  const { protocol } = rule.spec;
  if (site.family === "ipv4" || !protocol || protocol.value === 0) return formulas;
  // addresses and interfaces are asked before, the protocol last
  const at = conditions.filter(({ match }) => match === undefined).length - 1;
  return [...formulas.slice(0, at), ...unsoundHeaders, ...formulas.slice(at)];
}

/** iptables-nft drops no such packet, but neither `-p` nor `! -p` holds for it (nft_set_pktinfo_ipv6). */
const unsoundHeaders: readonly Formula[] = [
  hotdropIf(
    opaque(
      "unsound IPv6 extension headers, legacy",
      ({ packet, backend }) => backend !== "nft" && packet.ruleProtocol(false) < 0,
    ),
    "the packet's extension headers lead to no transport header",
  ),
  opaque(
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
