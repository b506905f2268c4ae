import type { Direction } from "../../packet/connection.ts";
import { opposite } from "../entry.ts";
import { type TcpFlow, type TcpSide, tcpFlag } from "./flow.ts";
import { applySynOptions } from "./open-flow.ts";
import { highestSack, isAfter, isBefore, type Segment, u32 } from "./segment.ts";

/** Whether a segment fits the window: `ignore` passes it without effect. */
export type WindowVerdict =
  | { readonly kind: "accept" }
  | { readonly kind: "ignore" | "invalid"; readonly reason: string };

const fits: WindowVerdict = { kind: "accept" };

/** An acknowledgement may lag behind by the sender's largest window, but by at least this much. */
const leastAckWindow = 66000;

/**
 * Checks a segment against what both sides sent and offered so far, and learns from it (tcp_in_window,
 * nf_conntrack_proto_tcp.c; after van Rooij, "Real stateful TCP packet filtering in IP Filter").
 * `receiverShift` is how much further the sender sees the receiver's numbers than these were sent (nf_ct_seq_offset).
 * With `liberal`, or for a flow that was picked up midway, what does not fit is taken all the same, but nothing is learnt.
 */
export function checkWindow(
  flow: TcpFlow,
  direction: Direction,
  segment: Segment,
  { liberal, receiverShift }: { readonly liberal: boolean; readonly receiverShift: number },
): WindowVerdict {
  const sender = flow.side(direction);
  const receiver = flow.side(opposite(direction));
  let { sequence, end, acknowledgement } = segment;
  let sack = receiver.flags & tcpFlag.sackPermitted ? highestSack(segment, acknowledgement) : acknowledgement;
  sack = u32(sack - receiverShift);
  acknowledgement = u32(acknowledgement - receiverShift);

  if (learnSender(flow, direction, segment, sack)) return fits;

  const acknowledgesNothing = !segment.ack || (segment.rst && acknowledgement === 0);
  if (acknowledgesNothing) acknowledgement = sack = receiver.end;
  // the answer of a closed port to a SYN
  if (segment.rst && sequence === 0 && flow.state === "SYN_SENT") sequence = end = sender.end;

  const misfit = findMisfit(sender, receiver, { sequence, end, sack });
  if (misfit) return liberal || sender.flags & tcpFlag.beLiberal ? fits : misfit;

  learn(flow, direction, segment, { sequence, end, acknowledgement, sack });
  return fits;
}

/** Takes a side's first segment, or a new SYN, for what is known of it. True where nothing is left to be checked. */
function learnSender(flow: TcpFlow, direction: Direction, segment: Segment, sack: number): boolean {
  const sender = flow.side(direction);
  const receiver = flow.side(opposite(direction));
  if (sender.maxWindow === 0) {
    if (segment.syn) {
      startSender(flow, direction, segment);
      return !segment.ack;
    }
    sender.end = segment.end;
    sender.maxWindow = Math.max(1, u32(segment.window << sender.scale));
    sender.maxEnd = u32(segment.end + sender.maxWindow);
    if (receiver.maxWindow === 0) receiver.end = receiver.maxEnd = sack;
    // an answer to a keep-alive acknowledges one byte that was not seen
    else if (sack === u32(receiver.end + 1)) receiver.end = sack;
    return false;
  }
  const opening = flow.state === "SYN_SENT" || flow.state === "SYN_RECV";
  if (segment.syn && opening && isAfter(segment.end, sender.end)) {
    startSender(flow, direction, segment);
    return direction === "reply" && !segment.ack;
  }
  return false;
}

function startSender(flow: TcpFlow, direction: Direction, segment: Segment): void {
  const sender = flow.side(direction);
  const receiver = flow.side(opposite(direction));
  sender.end = sender.maxEnd = segment.end;
  sender.maxWindow = Math.max(1, segment.window);
  applySynOptions(sender, segment);
  // RFC 7323: windows are scaled only where both sides asked for it
  if (direction === "reply" && !(sender.flags & receiver.flags & tcpFlag.windowScale)) {
    sender.scale = receiver.scale = 0;
  }
}

interface Numbers {
  readonly sequence: number;
  readonly end: number;
  readonly sack: number;
}

/** The four bounds in the kernel's order; `undefined` where the segment keeps them all. */
function findMisfit(sender: TcpSide, receiver: TcpSide, numbers: Numbers): WindowVerdict | undefined {
  const { sequence, end, sack } = numbers;
  const ackFloor = u32(receiver.end - Math.max(sender.maxWindow, leastAckWindow) - 1);
  const sequenceFloor = u32(sender.end - receiver.maxWindow - 1);
  const ackKnown = isBefore(sack, u32(receiver.end + 1));

  if (!isBefore(sequence, u32(sender.maxEnd + 1))) {
    const overshot = u32(end - sender.maxEnd + 1);
    if (
      receiver.maxWindow !== 0 &&
      isAfter(end, sequenceFloor) &&
      isAfter(sack, ackFloor) &&
      overshot <= receiver.maxWindow &&
      ackKnown
    ) {
      // some stacks send a little more than they may: their data counts as sent, so that its acknowledgement will fit
      sender.end = end;
      sender.flags |= tcpFlag.dataUnacknowledged;
      return {
        kind: "ignore",
        reason: `sequence ${sequence} is ${overshot} bytes beyond the receiver's window; the segment passes without effect`,
      };
    }
    return {
      kind: "invalid",
      reason: `sequence ${sequence} lies beyond the receiver's window, which ends at ${sender.maxEnd}`,
    };
  }
  if (!ackKnown) {
    return {
      kind: "invalid",
      reason: `acknowledges up to ${sack}, but the other side was only seen to send up to ${receiver.end}`,
    };
  }
  if (receiver.maxWindow !== 0 && !isAfter(end, sequenceFloor)) {
    return {
      kind: "ignore",
      reason: `its end ${end} lies before the window (${u32(sequenceFloor + 1)}): old data, passed without effect`,
    };
  }
  if (!isAfter(sack, ackFloor)) {
    return {
      kind: "ignore",
      reason: `acknowledgement ${sack} is older than ${u32(ackFloor + 1)}: passed without effect`,
    };
  }
  return undefined;
}

function learn(
  flow: TcpFlow,
  direction: Direction,
  segment: Segment,
  numbers: Numbers & { readonly acknowledgement: number },
): void {
  const sender = flow.side(direction);
  const receiver = flow.side(opposite(direction));
  const { sequence, end, acknowledgement, sack } = numbers;
  const window = segment.syn ? segment.window : u32(segment.window << sender.scale);

  sender.maxWindow = Math.max(sender.maxWindow, u32(window + u32(sack - acknowledgement)));
  if (isAfter(end, sender.end)) {
    sender.end = end;
    sender.flags |= tcpFlag.dataUnacknowledged;
  }
  if (segment.ack) {
    if (!(sender.flags & tcpFlag.maxAckSet) || isAfter(acknowledgement, sender.maxAck)) {
      sender.maxAck = acknowledgement;
    }
    sender.flags |= tcpFlag.maxAckSet;
  }

  if (receiver.maxWindow !== 0 && isAfter(end, sender.maxEnd)) {
    receiver.maxWindow = u32(receiver.maxWindow + u32(end - sender.maxEnd));
  }
  if (isAfter(u32(sack + window), u32(receiver.maxEnd - 1))) {
    receiver.maxEnd = u32(sack + Math.max(window, 1));
  }
  if (acknowledgement === receiver.end) receiver.flags &= ~tcpFlag.dataUnacknowledged;

  if (segment.kind === "ACK")
    countRetransmissions(flow, direction, segment, { sequence, end, acknowledgement });
}

function countRetransmissions(
  flow: TcpFlow,
  direction: Direction,
  segment: Segment,
  numbers: { readonly sequence: number; readonly end: number; readonly acknowledgement: number },
): void {
  const again =
    flow.lastDirection === direction &&
    flow.lastSequence === numbers.sequence &&
    flow.lastAck === numbers.acknowledgement &&
    flow.lastEnd === numbers.end &&
    flow.lastWindow === segment.window;
  if (again) {
    flow.retransmissions++;
    return;
  }
  flow.lastDirection = direction;
  flow.lastSequence = numbers.sequence;
  flow.lastAck = numbers.acknowledgement;
  flow.lastEnd = numbers.end;
  flow.lastWindow = segment.window;
  flow.retransmissions = 0;
}
