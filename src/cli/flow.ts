import type { Expectation } from "../analyse/expectation.ts";
import type { AssumedState } from "../evaluate/assumed-tracking.ts";
import type { FlowTime } from "./time.ts";

export type { FlowTime };

/** What conntrack may be assumed to say of a packet. */
export const assumableStates = [
  "NEW",
  "ESTABLISHED",
  "RELATED",
  "INVALID",
  "UNTRACKED",
] as const satisfies readonly AssumedState[];

/** Where a step's packet comes from. */
export type StepPacket =
  /** iptables' words: one by one from a command line, or as one text that the shell's rules cut. */
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "text"; readonly text: string }
  /** An Ethernet frame that arrives on an interface. */
  | { readonly kind: "frame"; readonly device: string; readonly frame: Uint8Array }
  /** An IP packet that the host sends. */
  | { readonly kind: "local"; readonly packet: Uint8Array }
  /** The other side's answer to the packet before, as that one left. */
  | { readonly kind: "reply" };

/** One packet of a flow and what is expected of it. */
export interface FlowStep {
  readonly name: string | undefined;
  readonly time: FlowTime;
  readonly packet: StepPacket;
  /** The connection-tracking state to assume instead of asking the table. */
  readonly assumeState: AssumedState | undefined;
  readonly expectation: Expectation | undefined;
}
