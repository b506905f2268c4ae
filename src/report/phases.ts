import type { Trace, TraceEvent } from "../evaluate/trace.ts";
import type { Hook } from "../packet/context.ts";

/** What happened in one step of a packet's way, e.g. in one table at one hook. */
export interface Phase {
  /** 1-based within its trace. */
  readonly number: number;
  /** `undefined` for what happens before the first hook or between hooks. */
  readonly hook: Hook | undefined;
  /** A table's name, or `conntrack`, `nat rewrite`, `helper`, `routing`, `confirm`, `answer`. */
  readonly step: string;
  readonly events: readonly TraceEvent[];
}

/** The step that an event opens; `undefined` for one that belongs to the step before it. */
function stepOf(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "table":
      return event.table;
    case "conntrack":
    case "confirm":
    case "helper":
      return event.kind;
    case "nat":
      return "nat rewrite";
    case "route":
      return "routing";
    case "answer":
      return event.kind;
    default:
      return undefined;
  }
}

/** Events that are no part of the way: where it starts, where it is, how it ends. */
const besides = new Set<TraceEvent["kind"]>(["packet", "hook", "emitted", "delivered", "dropped"]);

/** Cuts a trace into its numbered phases. Hooks open no phase of their own: each phase says at which hook it is. */
export function phasesOf(trace: Trace): readonly Phase[] {
  const phases: { number: number; hook: Hook | undefined; step: string; events: TraceEvent[] }[] = [];
  let hook: Hook | undefined;
  for (const event of trace.events) {
    if (event.kind === "hook") hook = event.hook;
    if (besides.has(event.kind)) continue;
    const step = stepOf(event);
    const last = phases.at(-1);
    if (step === undefined && last) {
      last.events.push(event);
    } else {
      const at = event.kind === "route" ? event.hook : hook;
      phases.push({ number: phases.length + 1, hook: at, step: step ?? event.kind, events: [event] });
    }
  }
  return phases;
}
