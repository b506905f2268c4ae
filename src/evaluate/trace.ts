import type { Effect } from "../extensions/effect.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Rule } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";

/** A rule's place: `number` is 1-based, as iptables -L --line-numbers counts. */
export interface RulePlace {
  readonly table: TableName;
  readonly chain: string;
  readonly number: number;
}

/** What decided about a packet. */
export type Decision =
  | ({ readonly kind: "rule"; readonly rule: Rule } & RulePlace)
  | { readonly kind: "policy"; readonly table: TableName; readonly chain: string }
  /** Routing, conntrack, a header check, hotdrop …: `reason` says it. */
  | { readonly kind: "host"; readonly reason: string };

export type TraceEvent =
  /** The packet as it is at this moment: at its start and wherever it was rewritten. */
  | {
      readonly kind: "packet";
      readonly what: "received" | "sent" | "generated";
      readonly device: string | undefined;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: "hook";
      readonly hook: Hook;
      readonly inDevice: string | undefined;
      readonly outDevice: string | undefined;
    }
  /** A table's built-in chain is entered. */
  | { readonly kind: "table"; readonly table: TableName; readonly hook: Hook }
  /** A rule matched. `result` says where the walk went. */
  | ({
      readonly kind: "rule";
      readonly rule: Rule;
      readonly effects: readonly Effect[];
      readonly result:
        | "continue"
        | "jump"
        | "goto"
        | "return"
        | "accept"
        | "drop"
        | "queue"
        | "nat"
        | "reject";
    } & RulePlace)
  /** A rule that failed on one condition only; `condition` is its text, `found` what the packet has there. */
  | ({
      readonly kind: "near-miss";
      readonly rule: Rule;
      readonly condition: string;
      readonly found: string;
    } & RulePlace)
  | {
      readonly kind: "policy";
      readonly table: TableName;
      readonly chain: string;
      readonly policy: "ACCEPT" | "DROP";
    }
  | {
      readonly kind: "conntrack";
      readonly hook: Hook;
      readonly state: string;
      readonly reason: string;
      readonly entry: string | undefined;
    }
  | { readonly kind: "confirm"; readonly entry: string }
  /** NAT rewrote the packet; both are IP packets. */
  | {
      readonly kind: "nat";
      readonly hook: Hook;
      readonly manip: "source" | "destination";
      readonly before: Uint8Array;
      readonly after: Uint8Array;
    }
  /** A connection's helper rewrote what the packet carries, or its sequence numbers were shifted; both are IP packets. */
  | { readonly kind: "helper"; readonly before: Uint8Array; readonly after: Uint8Array }
  | { readonly kind: "mark"; readonly before: number; readonly after: number }
  | {
      readonly kind: "route";
      readonly hook: Hook | undefined;
      readonly text: string;
      readonly again: boolean;
    }
  | { readonly kind: "log"; readonly line: string }
  | { readonly kind: "emitted"; readonly device: string; readonly frame: Uint8Array }
  | { readonly kind: "delivered" }
  | { readonly kind: "dropped"; readonly reason: string }
  /** The host made a packet of its own (REJECT, ICMP error); its way is a trace of its own. */
  | { readonly kind: "answer"; readonly trace: Trace };

/** How a packet ended: `verdict` is the rules' word, `outcome` what became of it. */
export interface Fate {
  readonly verdict: "ACCEPT" | "DROP" | "REJECT" | "QUEUE";
  readonly outcome: "delivered" | "forwarded" | "sent" | "dropped" | "rejected" | "queued" | "held";
  /** The hook at which it ended or, where it got through, at which the decision fell. */
  readonly hook: Hook | undefined;
  readonly decision: Decision;
}

export interface EmittedFrame {
  readonly device: string;
  readonly frame: Uint8Array;
  /** The host made the packet, so that the kernel would have drawn its IP id. */
  readonly own: boolean;
}

export interface Trace {
  readonly events: readonly TraceEvent[];
  readonly fate: Fate;
  /** All frames that left the host because of this packet, answers among them, in order. */
  readonly emitted: readonly EmittedFrame[];
  /** What the answer rests on that is not modelled or was not told. */
  readonly assumptions: readonly string[];
}
