import type { Decision, Trace } from "../evaluate/trace.ts";
import { destinationEnd, sourceEnd, summarise } from "../packet/summary.ts";

/** What somebody expects of a packet's way. What is absent is not asked. */
export interface Expectation {
  readonly verdict?: string;
  readonly outcome?: string;
  /** The hook at which the packet ended. */
  readonly hook?: string;
  /** What decided: `filter/FORWARD:3` is a rule, `filter/FORWARD:policy` a policy. */
  readonly rule?: string;
  /** The destination that NAT gave the packet, `address` or `address:port`; `none` for no rewrite. */
  readonly dnat?: string;
  /** The source that NAT gave it. */
  readonly snat?: string;
  readonly ctstate?: string;
  /** The interface by which it left; `none` where it did not leave. */
  readonly out?: string;
}

/** One expectation that does not hold. */
export interface Disappointment {
  readonly what: keyof Expectation;
  readonly expected: string;
  readonly actual: string;
}

const none = "none";

/** Compares a trace with what was expected of it; empty where all holds. */
export function checkExpectation(trace: Trace, expectation: Expectation): readonly Disappointment[] {
  const actual: Readonly<Record<keyof Expectation, string>> = {
    verdict: trace.fate.verdict,
    outcome: trace.fate.outcome,
    hook: trace.fate.hook ?? none,
    rule: decidedBy(trace.fate.decision),
    dnat: rewritten(trace, "destination"),
    snat: rewritten(trace, "source"),
    ctstate: trace.events.findLast((event) => event.kind === "conntrack")?.state ?? none,
    out: trace.events.findLast((event) => event.kind === "emitted")?.device ?? none,
  };
  const asked = Object.entries(expectation) as [keyof Expectation, string][];
  return asked
    .filter(([what, expected]) => !agrees(what, expected, actual[what]))
    .map(([what, expected]) => ({ what, expected, actual: actual[what] }));
}

function decidedBy(decision: Decision): string {
  switch (decision.kind) {
    case "rule":
      return `${decision.table}/${decision.chain}:${decision.number}`;
    case "policy":
      return `${decision.table}/${decision.chain}:policy`;
    case "host":
      return decision.reason;
  }
}

/** Where NAT took one end of the packet: its last rewrite counts. */
function rewritten(trace: Trace, end: "source" | "destination"): string {
  const read = end === "source" ? sourceEnd : destinationEnd;
  let result = none;
  for (const event of trace.events) {
    if (event.kind !== "nat") continue;
    const after = read(summarise(event.after));
    if (after !== read(summarise(event.before))) result = after;
  }
  return result;
}

function agrees(what: keyof Expectation, expected: string, actual: string): boolean {
  if (expected === actual) return true;
  if (what !== "dnat" && what !== "snat") return expected.toUpperCase() === actual.toUpperCase();
  // an address alone leaves the port open
  return actual.startsWith(`${expected}:`) || actual.startsWith(`[${expected}]:`);
}
