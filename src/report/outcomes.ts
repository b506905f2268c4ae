import { type Choice, type Exploration, likelihood } from "../evaluate/draws.ts";
import { packetOfFrame } from "../packet/packet-of-frame.ts";
import { summarise } from "../packet/summary.ts";
import { fateLine } from "./decision-line.ts";
import type { FlowPacket } from "./flow.ts";
import { packetLine } from "./packet-line.ts";
import type { PrintRule } from "./rule-view.ts";

/** What a rule drew, and for which packet of the flow (0-based). */
export interface FlowChoice extends Choice {
  readonly packet: number;
}

/** The flow as one way through the draws made it. */
export interface FlowRun {
  readonly packets: readonly FlowPacket[];
  /** To which packet each choice belongs, in the order of the choices. */
  readonly drawnBy: readonly number[];
}

/** What a flow may come to, and the ways that lead there. */
export interface Outcome {
  /** The likelihood of all its ways together, 0 to 1. */
  readonly probability: number;
  readonly ways: readonly (readonly FlowChoice[])[];
  /** The flow on the first of these ways. */
  readonly packets: readonly FlowPacket[];
}

/** Ways that end the same for every packet, by verdict, decision and what leaves the host, are one outcome; the likeliest is first. */
export function outcomesOf({ ways }: Exploration<FlowRun>, printRule: PrintRule): readonly Outcome[] {
  const outcomes = new Map<string, Outcome>();
  for (const way of ways) {
    const { packets, drawnBy } = way.result;
    const key = packets.map((packet) => endOf(packet, printRule)).join("\n");
    const choices = way.choices.map((choice, index) => ({ ...choice, packet: drawnBy[index] ?? 0 }));
    const before = outcomes.get(key);
    outcomes.set(key, {
      probability: (before?.probability ?? 0) + likelihood(way),
      ways: [...(before?.ways ?? []), choices],
      packets: before?.packets ?? packets,
    });
  }
  return [...outcomes.values()].sort((a, b) => b.probability - a.probability);
}

function endOf({ trace, disappointments }: FlowPacket, printRule: PrintRule): string {
  const emitted = trace.emitted.map(
    ({ device, frame }) => `${device} ${packetLine(summarise(packetOfFrame(frame)))}`,
  );
  return [fateLine(trace.fate, printRule), trace.fate.outcome, ...emitted, disappointments?.length].join(
    "\n",
  );
}
