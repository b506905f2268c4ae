import { checkExpectation, type Disappointment } from "../analyse/expectation.ts";
import { answerTo } from "../evaluate/answer-to.ts";
import type { Machine, RunOptions } from "../evaluate/machine.ts";
import type { Trace } from "../evaluate/trace.ts";
import type { Host } from "../host/host.ts";
import { fixedLinkAddress } from "../host/link-address.ts";
import { buildFrame } from "../packet/ethernet.ts";
import { Packet } from "../packet/packet.ts";
import { UsageError } from "./exit-status.ts";
import type { FlowStep } from "./flow.ts";
import type { ReadyPacket } from "./ready-packet.ts";

/** A step whose packet is ready to go. */
export interface ReadyStep {
  readonly step: FlowStep;
  /** `undefined` for a reply, which is made from what happens before it. */
  readonly packet: ReadyPacket | undefined;
  /** What the packet's own words left open. */
  readonly assumptions: readonly string[];
}

export interface FlowResult {
  readonly step: FlowStep;
  /** Seconds since 1970. */
  readonly at: number;
  readonly trace: Trace;
  readonly disappointments: readonly Disappointment[];
}

/** Runs a flow's packets through one machine, in order. `start` is in seconds since 1970; `began` hears of each packet, 0-based. */
export function runFlow(
  steps: readonly ReadyStep[],
  machine: Machine,
  host: Host,
  start: number,
  began: (packet: number) => void = () => {},
): readonly FlowResult[] {
  const results: FlowResult[] = [];
  for (const { step, packet, assumptions } of steps) {
    const last = results.at(-1);
    began(results.length);
    const { relative, seconds } = step.time;
    const at = (relative ? (last?.at ?? start) : start) + seconds;
    if (last && at < last.at) throw new UsageError(`packet ${results.length + 1} goes back in time`);
    const ready = packet ?? replyToLast(last?.trace, results.length);
    const trace = feed(ready, machine, host, at, step.assumeState ? { assumeState: step.assumeState } : {});
    const disappointments = step.expectation ? checkExpectation(trace, step.expectation) : [];
    const all = [...trace.assumptions, ...assumptions];
    results.push({ step, at, trace: { ...trace, assumptions: all }, disappointments });
  }
  return results;
}

function feed(packet: ReadyPacket, machine: Machine, host: Host, at: number, options: RunOptions): Trace {
  switch (packet.kind) {
    case "frame":
      return machine.receive(packet.device, packet.frame, at, options);
    case "local":
      return machine.send(packet.bytes, at, { ...options, ...packet.options });
    case "arriving": {
      // the machine takes Ethernet frames, also where the host does not say what the interface's address is
      const own = host.interfaces.get(packet.device);
      const group = own?.mac && fixedLinkAddress(own, new Packet(packet.bytes).destination);
      const mac = group ?? own?.mac ?? hostMac;
      const frame = buildFrame(mac, packet.sourceMac ?? neighbourMac, packet.bytes);
      return machine.receive(packet.device, frame, at, { ...options, ...packet.options });
    }
  }
}

/** Both ends on the wire where nobody names them: locally administered, as in RFC 7042, 2.1. */
const hostMac = Uint8Array.of(2, 0, 0, 0, 0, 0x01);
const neighbourMac = Uint8Array.of(2, 0, 0, 0, 0, 0xfe);

/** The other side's answer to the packet before. */
function replyToLast(last: Trace | undefined, number: number): ReadyPacket {
  const answer = last ? answerTo(last) : "no packet stands before it";
  if (typeof answer === "string") {
    const why = last ? `of packet ${number}: ${answer}` : answer;
    throw new UsageError(`packet ${number + 1} cannot be a reply: ${why}`);
  }
  return answer.kind === "local"
    ? { ...answer, options: {} }
    : { ...answer, sourceMac: undefined, options: {} };
}
