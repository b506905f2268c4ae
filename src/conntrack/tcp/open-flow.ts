import { TcpFlow, type TcpSide, tcpFlag } from "./flow.ts";
import { readSynOptions, type Segment } from "./segment.ts";

/** The flow that a first segment opens (tcp_new): a SYN, or one out of the middle of a connection. */
export function openFlow(segment: Segment): TcpFlow {
  const flow = new TcpFlow();
  const original = flow.side("original");
  const reply = flow.side("reply");
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
  side.end = side.maxEnd = side.maxWindow = side.maxAck = side.scale = 0;
  side.flags &= tcpFlag.beLiberal;
}
