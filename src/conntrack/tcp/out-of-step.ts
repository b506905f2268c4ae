import type { Direction } from "../../packet/connection.ts";
import { type TcpFlow, tcpFlag } from "./flow.ts";
import { applySynOptions } from "./open-flow.ts";
import type { Segment } from "./segment.ts";

/** A SYN/ACK that answers a SYN which conntrack ignored: the two ends agree, and conntrack follows them. */
export const isResync = (flow: TcpFlow, direction: Direction, segment: Segment): boolean =>
  segment.kind === "SYN/ACK" &&
  flow.lastKind === "SYN" &&
  flow.lastDirection !== direction &&
  segment.acknowledgement === flow.lastEnd;

/** Takes the ignored SYN for the start of the connection. */
export function resync(flow: TcpFlow): void {
  const opener = flow.side(flow.lastDirection);
  opener.end = flow.lastEnd;
  opener.maxEnd = flow.lastEnd;
  opener.maxWindow = Math.max(1, flow.lastWindow);
  opener.scale = flow.lastScale;
  flow.lastFlags &= ~tcpFlag.expectChallengeAck;
  opener.flags = flow.lastFlags;
}

/** Notes an ignored segment, by which a later one may show what the two ends think. */
export function ignoreSegment(flow: TcpFlow, direction: Direction, segment: Segment): void {
  flow.lastKind = segment.kind;
  flow.lastDirection = direction;
  flow.lastSequence = segment.sequence;
  flow.lastEnd = segment.end;
  flow.lastWindow = segment.window;
  if (segment.kind === "SYN" && direction === "original") {
    const seen = { end: 0, maxEnd: 0, maxWindow: 0, maxAck: 0, scale: 0, flags: 0 };
    applySynOptions(seen, segment);
    flow.lastScale = seen.flags & tcpFlag.windowScale ? seen.scale : 0;
    flow.lastFlags = seen.flags;
    // RFC 5961: the other end may answer the SYN with an ACK, which must not be taken for the last one
    if (flow.state === "LAST_ACK") flow.lastFlags |= tcpFlag.expectChallengeAck;
  }
  if (flow.state === "SYN_SENT" && segment.kind === "ACK" && direction === "reply") {
    flow.lastAck = segment.acknowledgement;
  }
}
