import type { Effect } from "../extensions/effect.ts";
import { onlyMiss } from "../formula/explain.ts";
import type { Context } from "../packet/context.ts";
import type { CompiledRule, MutableCounters } from "./compile-rule.ts";
import { behindAll, type CompiledChain } from "./compiled-chain.ts";
import type { Candidates } from "./index/candidates.ts";
import type { RulePlace, TraceEvent } from "./trace.ts";
import type { WalkEnd } from "./walk-end.ts";

/** What a target's effects come to: go on with the next rule, or end the walk. */
export type EffectResult = "continue" | "accept" | "drop" | "queue";

/** Carries out a matched rule's effects on the packet whose journey it is. */
export type Perform<Journey> = (effects: readonly Effect[], journey: Journey) => EffectResult;

/** Takes the events of a walk; `undefined` for a walk that nobody watches. `nearMisses` asks for those as well. */
export interface Watcher {
  readonly nearMisses: boolean;
  note(event: TraceEvent): void;
  /** A rule, a chain's end or a policy that a packet under TRACE met. */
  traced(place: RulePlace, what: "rule" | "return" | "policy"): void;
}

/** A place in a chain, with what its index said of the packet. */
interface Place {
  readonly chain: CompiledChain;
  readonly next: number;
  readonly candidates: Candidates | undefined;
  readonly madeAt: number;
}

const notAsked = -1;

/**
 * Walks one table from a built-in chain, as ipt_do_table (net/ipv4/netfilter/ip_tables.c) does: a matching rule counts
 * before its target runs; a jump remembers the place behind it, a goto does not; RETURN, or a user-defined chain's end,
 * goes back to the last remembered place or, where there is none, to the policy. In long chains rules whose tests are known
 * to fail without any other effect are passed over, unless the watcher wants to hear of near misses.
 */
export function walk<Journey>(
  start: CompiledChain,
  context: Context,
  perform: Perform<Journey>,
  journey: Journey,
  watcher: Watcher | undefined,
): WalkEnd {
  let stack: Place[] | undefined;
  let chain = start;
  let next = 0;
  /** How often a target may have changed what rules ask for. */
  let changes = 0;
  let indexedFrom = indexedFromOf(chain, context, watcher);
  /** The rules that the packet may match, all of them where absent, as it was after so many changes. */
  let candidates: Candidates | undefined;
  let madeAt = notAsked;
  for (;;) {
    let isSure = false;
    if (next >= indexedFrom) {
      if (madeAt !== changes) {
        candidates = chain.candidates(context);
        madeAt = changes;
      }
      if (candidates !== undefined) {
        next = candidates.from(next, chain.length);
        isSure = candidates.isSure;
      }
    }
    const compiled = chain.at(next);
    next++;
    if (compiled === undefined) {
      // the end of a user-defined chain is a rule that returns
      if (chain !== start) noteTraced(watcher, context, chain, next, "return");
      const back = stack?.pop();
      if (back === undefined) return endByPolicy(start, context, watcher);
      ({ chain, next, candidates, madeAt } = back);
      indexedFrom = indexedFromOf(chain, context, watcher);
      continue;
    }
    if (!isSure && !compiled.test(context)) {
      if (context.hotdrop) return endByHotdrop(chain, next);
      if (watcher?.nearMisses) noteNearMiss(compiled, chain, next, context, watcher);
      continue;
    }
    count(compiled.counters, context);
    const { action } = compiled;
    if (context.packet.traced) {
      noteTraced(watcher, context, chain, next, looksLikeEnd(compiled) ? endWord(chain) : "rule");
    }
    switch (action.kind) {
      case "continue":
        note(watcher, compiled, chain, next, "continue");
        break;
      case "assume":
        context.world.assume(action.text);
        note(watcher, compiled, chain, next, "continue");
        break;
      case "jump":
      case "goto":
        note(watcher, compiled, chain, next, action.kind);
        if (action.kind === "jump") {
          stack ??= [];
          stack.push({ chain, next, candidates, madeAt });
        }
        chain = action.chain;
        next = 0;
        madeAt = notAsked;
        indexedFrom = indexedFromOf(chain, context, watcher);
        break;
      case "return": {
        note(watcher, compiled, chain, next, "return");
        const back = stack?.pop();
        if (back === undefined) return endByPolicy(start, context, watcher);
        ({ chain, next, candidates, madeAt } = back);
        indexedFrom = indexedFromOf(chain, context, watcher);
        break;
      }
      case "verdict":
        note(watcher, compiled, chain, next, action.verdict);
        return endByRule(action.verdict, compiled, chain, next);
      case "effects": {
        note(watcher, compiled, chain, next, resultOf(action.effects));
        const result = perform(action.effects, journey);
        if (result !== "continue") return endByRule(result, compiled, chain, next);
        changes++;
        break;
      }
    }
  }
}

/** For near misses every rule has to be looked at. */
const indexedFromOf = (chain: CompiledChain, context: Context, watcher: Watcher | undefined): number =>
  watcher?.nearMisses ? behindAll : chain.indexedFrom(context);

function count(counters: MutableCounters, { packet }: Context): void {
  counters.packets++;
  counters.bytes += packet.length;
}

function endByPolicy(chain: CompiledChain, context: Context, watcher: Watcher | undefined): WalkEnd {
  const { table, name } = chain;
  const policy = chain.policy ?? "ACCEPT";
  count(chain.counters, context);
  noteTraced(watcher, context, chain, chain.length + 1, "policy");
  watcher?.note({ kind: "policy", table, chain: name, policy });
  const verdict = policy === "ACCEPT" ? "accept" : "drop";
  if (chain.end?.verdict !== verdict)
    chain.end = { verdict, decision: { kind: "policy", table, chain: name } };
  return chain.end;
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

/** Many packets meet the same end, which is kept with the rule as long as it stands where it does. */
function endByRule(
  verdict: WalkEnd["verdict"],
  compiled: CompiledRule,
  { table, name: chain }: CompiledChain,
  number: number,
): WalkEnd {
  const { end, rule } = compiled;
  if (end && end.verdict === verdict && end.decision.kind === "rule" && end.decision.number === number)
    return end;
  compiled.end = { verdict, decision: { kind: "rule", rule, table, chain, number } };
  return compiled.end;
}

function endByHotdrop({ table, name }: CompiledChain, number: number): WalkEnd {
  const reason = `a match of ${table}/${name}:${number} found the packet malformed (hotdrop)`;
  return { verdict: "drop", decision: { kind: "host", reason } };
}

type RuleEvent = Extract<TraceEvent, { kind: "rule" }>;

function note(
  watcher: Watcher | undefined,
  { rule, effects }: CompiledRule,
  { table, name: chain }: CompiledChain,
  number: number,
  result: RuleEvent["result"],
): void {
  watcher?.note({ kind: "rule", rule, effects, result, table, chain, number });
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
  { rule, conditions }: CompiledRule,
  { table, name: chain }: CompiledChain,
  number: number,
  context: Context,
  watcher: Watcher,
): void {
  const miss = onlyMiss(conditions, context);
  if (miss) watcher.note({ kind: "near-miss", rule, ...miss, table, chain, number });
}
