import { connectionStatus } from "../../packet/connection.ts";
import { trustsChecksum } from "../../packet/trusted-checksum.ts";
import { type Entry, opposite } from "../entry.ts";
import {
  accept,
  invalid,
  type Observation,
  type Tracker,
  type TrackerVerdict,
  verifiesChecksum,
} from "../tracker.ts";
import { type TcpFlow, tcpFlag } from "./flow.ts";
import { openFlow, resetSide } from "./open-flow.ts";
import { ignoreSegment, isResync, resync } from "./out-of-step.ts";
import { flagsAreSound, isBefore, readSegment, type Segment, u32 } from "./segment.ts";
import { isClosing, nextState, type TcpState } from "./states.ts";
import { chooseTimeout } from "./timeout.ts";
import { checkWindow } from "./window.ts";

/** What the special cases of a transition come to: the state to take, and whether the window still has to be asked. */
type Outcome =
  | { readonly kind: "go"; readonly state: TcpState; readonly checkWindow: boolean; readonly from: TcpState }
  | { readonly kind: "done"; readonly verdict: TrackerVerdict };

const go = (from: TcpState, state: TcpState, check = true): Outcome => ({
  kind: "go",
  state,
  checkWindow: check,
  from,
});
const done = (verdict: TrackerVerdict): Outcome => ({ kind: "done", verdict });

/** TCP, in the order in which nf_conntrack_tcp_packet (nf_conntrack_proto_tcp.c) decides. */
export const trackTcp: Tracker = (observation) => {
  const { packet, transportOffset, entry, direction, settings } = observation;
  const fault = findFault(observation);
  if (fault) return invalid(fault);
  const segment = readSegment(packet.bytes, transportOffset);

  if (!entry.confirmed) {
    const first = nextState("original", segment.kind, "NONE");
    if (first === "invalid")
      return invalid(`no entry for this tuple, and a ${segment.kind} segment opens none`);
    if (first !== "SYN_SENT" && !settings.tcp.loose) {
      return invalid("no entry for this tuple, and nf_conntrack_tcp_loose is off");
    }
    entry.tcp = openFlow(segment);
  }
  const flow = entry.tcp ?? openFlow(segment);

  const outcome = decide(observation, flow, segment);
  if (outcome.kind === "done") return outcome.verdict;
  if (outcome.checkWindow) {
    const acknowledged = u32(segment.acknowledgement - 1);
    const fit = checkWindow(flow, direction, segment, {
      liberal: settings.tcp.beLiberal,
      receiverShift: entry.rare.sequenceShift?.at(opposite(direction), acknowledged) ?? 0,
    });
    if (fit.kind === "ignore") return accept(fit.reason);
    if (fit.kind === "invalid") {
      hastenEnd(observation, flow, segment);
      return invalid(fit.reason);
    }
  }
  return enter(observation, flow, segment, outcome.from, outcome.state);
};

/** Why a header is no TCP header that could belong anywhere (tcp_error). */
function findFault(observation: Observation): string | undefined {
  const { packet, transportOffset } = observation;
  const length = packet.bytes.length - transportOffset;
  if (length < 20) return "the TCP header is cut short";
  const headerLength = (packet.bytes[transportOffset + 12]! >>> 4) * 4;
  if (headerLength < 20 || headerLength > length) return "the TCP header's length is wrong";
  if (verifiesChecksum(observation) && !trustsChecksum(packet, observation.hook))
    return "the TCP checksum is wrong";
  if (!flagsAreSound(packet.bytes[transportOffset + 13]!)) return "no TCP sends this combination of flags";
  return undefined;
}

function decide(observation: Observation, flow: TcpFlow, segment: Segment): Outcome {
  const { entry, direction, table } = observation;
  const from = flow.state;
  const next = nextState(direction, segment.kind, from);
  switch (next) {
    case "SYN_SENT":
      if (from === "NONE" || from === "SYN_SENT") return go(from, next);
      if (mayReopen(flow, observation)) {
        table.remove(entry);
        return done({ kind: "reopen" });
      }
      return passOutOfStep(observation, flow, segment);
    case "ignore":
      return passOutOfStep(observation, flow, segment);
    case "invalid":
      return done(
        invalid(`a ${segment.kind} segment from the ${side(direction)} cannot come in state ${from}`),
      );
    case "TIME_WAIT":
      if (isChallengeAck(flow, observation, segment)) {
        flow.lastFlags &= ~tcpFlag.expectChallengeAck;
        return done(accept("a challenge ACK (RFC 5961) to a SYN that was ignored; the state stays LAST_ACK"));
      }
      return go(from, next);
    case "SYN_SENT2":
      flow.lastFlags |= tcpFlag.simultaneousOpen;
      return go(from, next);
    case "SYN_RECV": {
      const openedByBoth = (flow.lastFlags & tcpFlag.simultaneousOpen) !== 0;
      const answers = direction === "reply" && segment.kind === "ACK";
      return go(from, answers && openedByBoth ? "ESTABLISHED" : next);
    }
    case "CLOSE":
      return segment.kind === "RST" ? decideReset(entry, flow, segment, observation) : go(from, next);
    default:
      return go(from, next);
  }
}

/** A SYN may take over a connection that was closed in order, or that its own side has reset. */
function mayReopen(flow: TcpFlow, { direction }: Observation): boolean {
  const closed = (flow.side("original").flags | flow.side("reply").flags) & tcpFlag.closeInit;
  return closed !== 0 || (flow.lastDirection === direction && flow.lastKind === "RST");
}

function passOutOfStep(observation: Observation, flow: TcpFlow, segment: Segment): Outcome {
  const { direction } = observation;
  if (isResync(flow, direction, segment)) {
    resync(flow);
    resetSide(flow.side(direction));
    return go("SYN_SENT", "SYN_RECV");
  }
  const from = flow.state;
  ignoreSegment(flow, direction, segment);
  return done(
    accept(
      `a ${segment.kind} from the ${side(direction)} in state ${from} passes without effect: it may be right`,
    ),
  );
}

const isChallengeAck = (flow: TcpFlow, { direction }: Observation, segment: Segment): boolean =>
  flow.state === "LAST_ACK" &&
  segment.kind === "ACK" &&
  flow.lastDirection !== direction &&
  flow.lastKind === "SYN" &&
  (flow.lastFlags & tcpFlag.expectChallengeAck) !== 0;

/** A reset has to stand where the other side expects it, or it leaves an established connection as it is. */
function decideReset(
  entry: Entry,
  flow: TcpFlow,
  segment: Segment,
  { direction, settings }: Observation,
): Outcome {
  const from = flow.state;
  let to: TcpState = "CLOSE";
  // what is closing anyway may have been opened anew unseen: its numbers say nothing
  if (isClosing(from)) return go(from, to, false);
  const other = flow.side(opposite(direction));
  const established = from === "ESTABLISHED" && entry.has(connectionStatus.assured);
  if (other.flags & tcpFlag.maxAckSet && flow.lastKind !== "SYN") {
    if (segment.sequence === 0 && !established) return go(from, to);
    if (isBefore(segment.sequence, other.maxAck) && !settings.tcp.ignoreInvalidReset) {
      return done(
        invalid(
          `the RST's sequence ${segment.sequence} is older than ${other.maxAck}, which was acknowledged`,
        ),
      );
    }
    if (!established || segment.sequence === other.maxAck) return go(from, to);
    const followsData =
      flow.lastKind === "ACK" && flow.lastDirection === direction && segment.sequence === flow.lastEnd;
    if (followsData) return go(from, to);
    // not exact: the receiver may answer it with a challenge ACK and stay
    to = from;
  }
  const answersIgnored =
    (entry.has(connectionStatus.seenReply) && flow.lastKind === "SYN") ||
    (!entry.has(connectionStatus.assured) && flow.lastKind === "ACK");
  if (answersIgnored && segment.acknowledgement === flow.lastEnd) return go(from, to, false);
  const answersChallenge =
    from === "SYN_SENT" &&
    flow.lastKind === "ACK" &&
    flow.lastDirection === "reply" &&
    segment.sequence === flow.lastAck;
  return go(from, to, !answersChallenge);
}

/** The segment counts: the state moves on and the time-out starts anew. */
function enter(
  observation: Observation,
  flow: TcpFlow,
  segment: Segment,
  from: TcpState,
  to: TcpState,
): TrackerVerdict {
  const { entry, direction, packet, now, settings, table } = observation;
  flow.lastKind = segment.kind;
  flow.lastDirection = direction;
  flow.state = to;
  if (from !== to && to === "FIN_WAIT") flow.side(direction).flags |= tcpFlag.closeInit;
  let timeout = chooseTimeout(flow, segment, to, settings.tcp);

  if (!entry.has(connectionStatus.seenReply)) {
    if (segment.rst) {
      entry.count(direction, packet.length);
      table.remove(entry);
      return accept("a RST before any answer: the entry is deleted");
    }
    // or a client that tries again and again would keep the entry for ever
    if (segment.kind === "SYN" && from === "SYN_SENT") {
      return accept("a SYN again, without an answer so far: the time-out runs on");
    }
    if (to === "ESTABLISHED") timeout = Math.min(timeout, settings.tcp.unacknowledged);
  } else if (to === "ESTABLISHED" && (from === "SYN_RECV" || from === "ESTABLISHED")) {
    entry.status |= connectionStatus.assured;
  }
  entry.refresh(now, timeout, direction, packet.length);
  return accept(reasonFor(observation, segment, from, to));
}

/** A FIN or RST that does not fit, answered by another one: the connection shall not linger for days (nf_tcp_handle_invalid). */
function hastenEnd({ entry, direction, now, settings }: Observation, flow: TcpFlow, segment: Segment): void {
  if (!entry.has(connectionStatus.assured)) return;
  if (segment.kind !== "RST" && segment.kind !== "FIN") return;
  if (flow.lastDirection === direction || (flow.lastKind !== "FIN" && flow.lastKind !== "RST")) {
    flow.lastKind = segment.kind;
    flow.lastDirection = direction;
    return;
  }
  const left = entry.timeout - now;
  if (left >= 120 && left > settings.tcp.unacknowledged) entry.timeout = now + settings.tcp.unacknowledged;
}

const side = (direction: "original" | "reply"): string =>
  direction === "original" ? "original side" : "reply side";

function reasonFor({ direction }: Observation, segment: Segment, from: TcpState, to: TcpState): string {
  if (from === "NONE") {
    return to === "SYN_SENT"
      ? "no entry for this tuple; a SYN opens one"
      : "no entry for this tuple; the connection is picked up midway (nf_conntrack_tcp_loose)";
  }
  const by = `${segment.kind} from the ${side(direction)}`;
  return from === to ? `${by}: the state stays ${to}` : `${from} → ${to} by ${by}`;
}
