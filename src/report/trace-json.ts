import type { Decision, Trace, TraceEvent } from "../evaluate/trace.ts";
import { toHex } from "../packet/hex.ts";
import { packetOfFrame } from "../packet/packet-of-frame.ts";
import { protocolName } from "../packet/protocols.ts";
import { rewrites, summarise } from "../packet/summary.ts";

import { phasesOf } from "./phases.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";

/** JSON as `JSON.stringify` takes it; `undefined` members are left out of the text. */
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [name: string]: Json };

export type JsonObject = { readonly [name: string]: Json };

/** A packet with its facts and its bytes as hexadecimal digits. */
function packetJson(bytes: Uint8Array): JsonObject {
  const summary = summarise(bytes);
  return { ...summary, protocol: protocolName(summary.protocol), bytes: toHex(bytes) };
}

/** A trace as docs/trace-json.md describes it: the same facts as the text, near misses always among them. */
export function traceJson(trace: Trace, printRule: PrintRule): JsonObject {
  const start = trace.events.find((event) => event.kind === "packet");
  const dropped = trace.events.find((event) => event.kind === "dropped");
  return {
    packet: start && { what: start.what, device: start.device, ...packetJson(start.bytes) },
    phases: phasesOf(trace).map(({ number, hook, step, events }) => ({
      number,
      hook: hook ?? null,
      step,
      events: events.map((event) => eventJson(event, printRule)).filter((event) => event !== undefined),
    })),
    emitted: trace.emitted.map(({ device, frame }) => ({
      device,
      frame: toHex(frame),
      packet: packetJson(packetOfFrame(frame)),
    })),
    verdict: trace.fate.verdict,
    outcome: trace.fate.outcome,
    hook: trace.fate.hook ?? null,
    decision: decisionJson(trace.fate.decision, printRule),
    reason: dropped?.reason,
    assumptions: [...new Set(trace.assumptions)],
  };
}

function decisionJson(decision: Decision, printRule: PrintRule): Json {
  switch (decision.kind) {
    case "rule":
      return { kind: "rule", rule: { ...viewRule(decision.rule, decision, printRule) } };
    case "policy":
      return { kind: "policy", table: decision.table, chain: decision.chain };
    case "host":
      return { kind: "host", reason: decision.reason };
  }
}

/** `undefined` for events that open a phase and say nothing more. */
function eventJson(event: TraceEvent, printRule: PrintRule): Json {
  const { kind } = event;
  switch (event.kind) {
    case "rule":
      return { kind, rule: { ...viewRule(event.rule, event, printRule) }, result: event.result };
    case "near-miss": {
      const rule = { ...viewRule(event.rule, event, printRule) };
      return { kind, rule, condition: event.condition, found: event.found };
    }
    case "policy":
      return { kind, table: event.table, chain: event.chain, policy: event.policy };
    case "conntrack":
      return { kind, state: event.state, reason: event.reason, entry: event.entry };
    case "confirm":
      return { kind, entry: event.entry };
    case "nat":
      return {
        kind,
        manip: event.manip,
        rewrites: rewrites(event.before, event.after).map((rewrite) => ({ ...rewrite })),
        before: packetJson(event.before),
        after: packetJson(event.after),
      };
    case "helper":
      return { kind, before: packetJson(event.before), after: packetJson(event.after) };
    case "mark":
      return { kind, before: event.before, after: event.after };
    case "route":
      return { kind, text: event.text, again: event.again };
    case "log":
      return { kind, line: event.line };
    case "answer":
      return { kind, trace: traceJson(event.trace, printRule) };
    default:
      return undefined;
  }
}
