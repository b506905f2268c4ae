import type { Direction } from "../../packet/connection.ts";
import { readSynOptions, type Segment } from "./segment.ts";
import type { SegmentKind, TcpState } from "./states.ts";

/** Bits of `TcpSide.flags` and `TcpFlow.lastFlags` (IP_CT_TCP_FLAG_*, nf_conntrack_tcp.h). */
export const tcpFlag = {
  windowScale: 0x01,
  sackPermitted: 0x02,
  closeInit: 0x04,
  beLiberal: 0x08,
  dataUnacknowledged: 0x10,
  maxAckSet: 0x20,
  expectChallengeAck: 0x40,
  simultaneousOpen: 0x80,
} as const;

/** What is known of one side of a connection (struct ip_ct_tcp_state). */
export interface TcpSide {
  /** Highest sequence number behind anything it sent. */
  end: number;
  /** Highest sequence number behind anything it may send: acknowledgement plus window of the other side. */
  maxEnd: number;
  /** Largest window that it offered, at least 1; 0 before anything is known of it. */
  maxWindow: number;
  maxAck: number;
  scale: number;
  flags: number;
}

/** TCP's part of a connection (struct ip_ct_tcp). */
export interface TcpFlow {
  state: TcpState;
  readonly sides: Readonly<Record<Direction, TcpSide>>;
  /** Of the last segment that counted: its direction and kind, and of the last plain ACK (or ignored segment) its numbers. */
  lastDirection: Direction;
  lastKind: SegmentKind;
  lastSequence: number;
  lastAck: number;
  lastEnd: number;
  lastWindow: number;
  /** How often the last ACK came again. */
  retransmissions: number;
  /** Of an ignored SYN, with which conntrack gets in step again once a SYN/ACK answers it. */
  lastScale: number;
  lastFlags: number;
}

const unknownSide = (): TcpSide => ({ end: 0, maxEnd: 0, maxWindow: 0, maxAck: 0, scale: 0, flags: 0 });

/** The flow that a first segment opens (tcp_new): a SYN, or one out of the middle of a connection. */
export function openFlow(segment: Segment): TcpFlow {
  const flow: TcpFlow = {
    state: "NONE",
    sides: { original: unknownSide(), reply: unknownSide() },
    lastDirection: "original",
    lastKind: "none",
    lastSequence: 0,
    lastAck: 0,
    lastEnd: 0,
    lastWindow: 0,
    retransmissions: 0,
    lastScale: 0,
    lastFlags: 0,
  };
  const { original, reply } = flow.sides;
  original.end = segment.end;
  original.maxWindow = Math.max(1, segment.window);
  if (segment.kind === "SYN") {
    original.maxEnd = segment.end;
    applySynOptions(original, segment);
  } else {
    original.maxEnd = (segment.end + original.maxWindow) >>> 0;
    // the options that the two agreed on are not known: whatever they may be has to fit
    original.flags = tcpFlag.sackPermitted | tcpFlag.beLiberal;
    reply.flags = original.flags;
  }
  return flow;
}

/** Takes over what a SYN's options say; one without any options leaves all as it was. */
export function applySynOptions(side: TcpSide, segment: Segment): void {
  if (segment.options.length === 0) return;
  const { scale, sackPermitted } = readSynOptions(segment);
  side.scale = scale ?? 0;
  side.flags =
    (side.flags & tcpFlag.beLiberal) |
    (scale === undefined ? 0 : tcpFlag.windowScale) |
    (sackPermitted ? tcpFlag.sackPermitted : 0);
}

/** Forgets a side, which will be learnt anew from its next segment. */
export function resetSide(side: TcpSide): void {
  Object.assign(side, unknownSide(), { flags: side.flags & tcpFlag.beLiberal });
}
