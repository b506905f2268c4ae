import type { Address } from "./address.ts";

/** One direction of a flow as conntrack sees it. ICMP keeps its id in both ports and its type and code beside them. */
export interface Tuple {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  /** Port, ICMP id, GRE key; 0 where the protocol has none. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  /** `-j CT --zone`; 0 is the default zone. */
  readonly zone: number;
}

export type Direction = "original" | "reply";

/** Whether two tuples are the same but for the zone. */
export const sameFlow = (a: Tuple, b: Tuple): boolean =>
  a.source === b.source &&
  a.destination === b.destination &&
  a.sourcePort === b.sourcePort &&
  a.destinationPort === b.destinationPort &&
  a.protocol === b.protocol &&
  a.icmpType === b.icmpType &&
  a.icmpCode === b.icmpCode;

/** A conntrack zone and what it comes to in each direction (struct nf_conntrack_zone); 0 is the default zone. */
export interface Zone {
  readonly id: number;
  readonly original: number;
  readonly reply: number;
}

/** Bits of `Connection.status`, as enum ip_conntrack_status (nf_conntrack_common.h) numbers them. */
export const connectionStatus = {
  expected: 1,
  seenReply: 2,
  assured: 4,
  confirmed: 8,
  sourceNat: 16,
  destinationNat: 32,
  sequenceAdjust: 64,
  sourceNatDone: 128,
  destinationNatDone: 256,
  dying: 512,
} as const;

/** What matches and targets may ask of, and change on, a conntrack entry. The tracker's own class implements it. */
export interface Connection {
  readonly original: Tuple;
  readonly reply: Tuple;
  readonly status: number;
  mark: number;
  /** What `-m connlabel --set` put on it: bits, or names whose bit is not known. */
  readonly labels?: Set<number | string>;
  /** It only stands for a connection, as `-j CT` wants it, until conntrack has seen the packet. */
  readonly isTemplate?: true;
  /** Seconds since 1970 at which the entry goes. */
  readonly expires: number;
  /** The connection whose expectation this one fulfilled. */
  readonly master: Connection | undefined;
  /** The helper that follows this connection, e.g. `ftp`. */
  readonly helper?: string | undefined;
  /** The zone that `-j CT` put it in, whichever directions that is for; absent is the default zone. */
  readonly zone?: Zone | undefined;
  /** What went each way; there only where accounting is on (nf_conntrack_acct). */
  readonly counters?:
    | Readonly<Record<Direction, { readonly packets: number; readonly bytes: number }>>
    | undefined;
}

/**
 * Bits of the `ctstate` field. INVALID to UNTRACKED are exclusive, the last two come on top
 * (xt_conntrack.h XT_CONNTRACK_STATE_*).
 */
export const ctstates = {
  INVALID: 1,
  ESTABLISHED: 2,
  RELATED: 4,
  NEW: 8,
  SNAT: 64,
  DNAT: 128,
  UNTRACKED: 256,
} as const;
export type CtState = keyof typeof ctstates;

/** What conntrack says of one packet (skb->_nfct). */
export type Tracking =
  | { readonly kind: "untracked" }
  | { readonly kind: "invalid"; readonly reason: string }
  | {
      readonly kind: "tracked";
      readonly connection: Connection;
      readonly direction: Direction;
      readonly state: "NEW" | "ESTABLISHED" | "RELATED";
      readonly reason: string;
    };
