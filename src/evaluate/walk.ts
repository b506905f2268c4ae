import type { Effect } from "../extensions/effect.ts";
import { onlyMiss } from "../formula/explain.ts";
import type { Context } from "../packet/context.ts";
import type { CompiledChain, CompiledRule, MutableCounters } from "./compile-ruleset.ts";
import type { Decision, RulePlace, TraceEvent } from "./trace.ts";

/** How a walk through one table ends. */
export interface WalkEnd {
  readonly verdict: "accept" | "drop" | "queue";
  readonly decision: Decision;
}

/** What a target's effects come to: go on with the next rule, or end the walk. */
export type EffectResult = "continue" | "accept" | "drop" | "queue";

/** Carries out a matched rule's effects on the packet of the context. */
export type Perform = (effects: readonly Effect[], context: Context) => EffectResult;

/** Takes the events of a walk; `undefined` for a walk that nobody watches. `nearMisses` asks for those as well. */
export interface Watcher {
  readonly nearMisses: boolean;
  note(event: TraceEvent): void;
  /** A rule, a chain's end or a policy that a packet under TRACE met. */
  traced(place: RulePlace, what: "rule" | "return" | "policy"): void;
}

/**
 * Walks one table from a built-in chain, as ipt_do_table (net/ipv4/netfilter/ip_tables.c) does: a matching rule counts
 * before its target runs; a jump remembers the place behind it, a goto does not; RETURN, or a user-defined chain's end,
 * goes back to the last remembered place or, where there is none, to the policy.
 */
export function walk(
  start: CompiledChain,
  context: Context,
  perform: Perform,
  watcher: Watcher | undefined,
): WalkEnd {
  const stack: { chain: CompiledChain; next: number }[] = [];
  let chain = start;
  let next = 0;
  for (;;) {
    const compiled = chain.rules[next];
    if (compiled === undefined) {
      // the end of a user-defined chain is a rule that returns
      if (chain !== start) noteTraced(watcher, context, chain, next + 1, "return");
      const back = stack.pop();
      if (back === undefined) return endByPolicy(start, context, watcher);
      ({ chain, next } = back);
      continue;
    }
    next++;
    if (!compiled.test(context)) {
      if (context.hotdrop) return endByHotdrop(compiled, chain);
      if (watcher?.nearMisses) noteNearMiss(compiled, chain, context, watcher);
      continue;
    }
    count(compiled.counters, context);
    const { action } = compiled;
    noteTraced(watcher, context, chain, next, looksLikeEnd(compiled) ? endWord(chain) : "rule");
    switch (action.kind) {
      case "continue":
        note(watcher, compiled, chain, "continue");
        break;
      case "assume":
        context.world.assume(action.text);
        note(watcher, compiled, chain, "continue");
        break;
      case "jump":
      case "goto":
        note(watcher, compiled, chain, action.kind);
        if (action.kind === "jump") stack.push({ chain, next });
        chain = action.chain;
        next = 0;
        break;
      case "return": {
        note(watcher, compiled, chain, "return");
        const back = stack.pop();
        if (back === undefined) return endByPolicy(start, context, watcher);
        ({ chain, next } = back);
        break;
      }
      case "verdict":
        note(watcher, compiled, chain, action.verdict);
        return { verdict: action.verdict, decision: decisionOf(compiled, chain) };
      case "effects": {
        note(watcher, compiled, chain, resultOf(action.effects));
        const result = perform(action.effects, context);
        if (result !== "continue") return { verdict: result, decision: decisionOf(compiled, chain) };
        break;
      }
    }
  }
}

function count(counters: MutableCounters, { packet }: Context): void {
  counters.packets++;
  counters.bytes += packet.length;
}

function endByPolicy(chain: CompiledChain, context: Context, watcher: Watcher | undefined): WalkEnd {
  const { table, name } = chain;
  const policy = chain.policy ?? "ACCEPT";
  count(chain.counters, context);
  noteTraced(watcher, context, chain, chain.rules.length + 1, "policy");
  watcher?.note({ kind: "policy", table, chain: name, policy });
  return {
    verdict: policy === "ACCEPT" ? "accept" : "drop",
    decision: { kind: "policy", table, chain: name },
  };
}

function noteTraced(
  watcher: Watcher | undefined,
  { packet }: Context,
  { table, name }: CompiledChain,
  number: number,
  what: "rule" | "return" | "policy",
): void {
  if (packet.traced) watcher?.traced({ table, chain: name, number }, what);
}

/** get_chainname_rulenum takes any unconditional verdict for the end of its chain. */
const looksLikeEnd = ({ action, conditions }: CompiledRule): boolean =>
  conditions.length === 0 && (action.kind === "return" || action.kind === "verdict");

const endWord = (chain: CompiledChain): "policy" | "return" =>
  chain.policy === undefined ? "return" : "policy";

const placeOf = ({ number }: CompiledRule, { table, name }: CompiledChain) => ({
  table,
  chain: name,
  number,
});

const decisionOf = (compiled: CompiledRule, chain: CompiledChain): Decision => ({
  kind: "rule",
  rule: compiled.rule,
  ...placeOf(compiled, chain),
});

function endByHotdrop(compiled: CompiledRule, chain: CompiledChain): WalkEnd {
  const { table, name } = chain;
  const reason = `a match of ${table}/${name}:${compiled.number} found the packet malformed (hotdrop)`;
  return { verdict: "drop", decision: { kind: "host", reason } };
}

type RuleEvent = Extract<TraceEvent, { kind: "rule" }>;

function note(
  watcher: Watcher | undefined,
  compiled: CompiledRule,
  chain: CompiledChain,
  result: RuleEvent["result"],
): void {
  const { rule, effects } = compiled;
  watcher?.note({ kind: "rule", rule, effects, result, ...placeOf(compiled, chain) });
}

/** The word for a rule whose effects the walk is about to carry out. */
function resultOf(effects: readonly Effect[]): RuleEvent["result"] {
  for (const effect of effects) {
    if (effect.kind === "nat" || effect.kind === "masquerade" || effect.kind === "redirect") return "nat";
    if (effect.kind === "reject") return "reject";
  }
  return "continue";
}

function noteNearMiss(
  compiled: CompiledRule,
  chain: CompiledChain,
  context: Context,
  watcher: Watcher,
): void {
  const miss = onlyMiss(compiled.conditions, context);
  if (miss) watcher.note({ kind: "near-miss", rule: compiled.rule, ...miss, ...placeOf(compiled, chain) });
}
