import { type AssumedPath, assumedHost } from "../host/assumed-host.ts";
import { composePacket, type WordedPacket } from "../model/packet-words.ts";
import type { Family } from "../packet/address.ts";
import { Packet } from "../packet/packet.ts";
import type { ColourChoice } from "./colour.ts";
import { UsageError } from "./exit-status.ts";
import type { FlowStep } from "./flow.ts";
import { printDiagnostics } from "./load-rules.ts";
import type { ReadyPacket } from "./ready-packet.ts";
import type { ReadyStep } from "./run-flow.ts";
import type { Terminal } from "./terminal.ts";
import { type ToldHost, toldHost } from "./told-host.ts";

export interface FlowSettings {
  readonly family: Family;
  /** The snapshot's folder. */
  readonly snapshot: string | undefined;
  readonly color: ColourChoice;
}

export interface PreparedFlow extends ToldHost {
  readonly steps: readonly ReadyStep[];
}

/**
 * Composes the packets that are written in words and finds out what host they meet. Throws `UsageError` for words that are
 * no packet, after it has printed their diagnostics.
 */
export async function prepareFlow(
  steps: readonly FlowStep[],
  settings: FlowSettings,
  terminal: Terminal,
): Promise<PreparedFlow> {
  const worded = composeAll(steps, settings, terminal);
  const found = await hostOf(settings, [...worded.values()], terminal);
  return { ...found, steps: steps.map((step) => ready(step, worded.get(step))) };
}

async function hostOf(
  { snapshot, color }: FlowSettings,
  packets: readonly WordedPacket[],
  terminal: Terminal,
): Promise<ToldHost> {
  if (snapshot !== undefined) return toldHost(snapshot, color, terminal);
  return { host: assumedHost(packets.map(pathOf)), connections: [], assumptions: [] };
}

function pathOf({ bytes, inDevice, outDevice }: WordedPacket): AssumedPath {
  const { source, destination } = new Packet(bytes);
  return { inDevice, outDevice, source, destination };
}

/** The packets of all steps that are written in words. */
function composeAll(
  steps: readonly FlowStep[],
  { family, color }: FlowSettings,
  terminal: Terminal,
): ReadonlyMap<FlowStep, WordedPacket> {
  const worded = new Map<FlowStep, WordedPacket>();
  let wrong = 0;
  for (const [index, { packet, name }] of steps.entries()) {
    if (packet.kind !== "words" && packet.kind !== "text") continue;
    const called =
      steps.length === 1 ? "packet" : `packet ${index + 1}${name === undefined ? "" : ` (${name})`}`;
    const words = packet.kind === "words" ? packet.words : packet.text;
    const { value, diagnostics } = composePacket(words, family, called);
    printDiagnostics(diagnostics, color, terminal);
    const step = steps[index];
    if (value && step) worded.set(step, value);
    else wrong++;
  }
  if (wrong > 0) throw new UsageError(wrong === 1 ? "that is no packet" : `${wrong} of them are no packets`);
  return worded;
}

function ready(step: FlowStep, worded: WordedPacket | undefined): ReadyStep {
  const { packet, assumeState } = step;
  const assumptions: readonly string[] = [];
  switch (packet.kind) {
    case "frame":
      return { step, packet, assumptions };
    case "local":
      return { step, packet: { kind: "local", bytes: packet.packet, options: {} }, assumptions };
    case "reply":
      return { step, packet: undefined, assumptions };
    case "words":
    case "text":
      if (!worded) throw new UsageError("that is no packet");
      return {
        step: { ...step, assumeState: assumeState ?? worded.ctState },
        packet: readyPacket(worded),
        assumptions: worded.defaults.length > 0 ? [`of the packet: ${worded.defaults.join(", ")}`] : [],
      };
  }
}

/** `-i` makes a packet that comes in, `-o` alone one that the host sends. */
function readyPacket(worded: WordedPacket): ReadyPacket {
  const { bytes, inDevice, outDevice, macSource, mark, owner, told } = worded;
  const options = { mark, told, ...(owner ? { owner } : {}) };
  if (inDevice === undefined && outDevice === undefined) {
    throw new UsageError("say with -i where the packet comes in, or with -o that this host sends it");
  }
  if (inDevice === undefined) return { kind: "local", bytes, options };
  return { kind: "arriving", device: inDevice, bytes, sourceMac: macSource, options };
}
