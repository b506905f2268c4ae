import { connectionStatus } from "../../packet/connection.ts";
import { crc32c } from "../../packet/crc32c.ts";
import { opposite } from "../entry.ts";
import type { SctpTimeout, Settings } from "../settings.ts";
import { accept, invalid, type Observation, type Tracker, verifiesChecksum } from "../tracker.ts";
import { type Chunk, readChunks } from "./chunks.ts";
import { openSctpFlow, type SctpFlow } from "./flow.ts";
import { chunk, nextSctpState, type SctpState } from "./states.ts";

/** Chunks that nobody may send out of the blue (RFC 9260, 8.4), and those whose tags have rules of their own (8.5.1). */
const neverFirst: readonly number[] = [chunk.abort, chunk.shutdownComplete, chunk.cookieAck];
const ownTagRules: readonly number[] = [
  chunk.init,
  chunk.shutdownComplete,
  chunk.cookieEcho,
  chunk.abort,
  chunk.shutdownAck,
  chunk.heartbeat,
  chunk.heartbeatAck,
];
/** Flag of ABORT and SHUTDOWN COMPLETE: the tag is the receiver's own. */
const reflectedTag = 1;

/** SCTP (nf_conntrack_proto_sctp.c): states by chunks, whose verification tags have to be right. */
export const trackSctp: Tracker = (observation) => {
  const { packet, transportOffset, entry, direction, now, settings } = observation;
  const { bytes } = packet;
  if (bytes.length < transportOffset + 12) return invalid("the SCTP header is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset + transportOffset, 12);
  if (verifiesChecksum(observation)) {
    const crc = crc32c(bytes, transportOffset, transportOffset + 8);
    if (crc !== view.getUint32(8, true)) return invalid("the SCTP checksum is wrong");
  }
  const chunks = readChunks(bytes, transportOffset);
  if (!chunks) return invalid("the SCTP packet is no sound bundle of chunks");
  const tag = view.getUint32(4);
  const has = (types: readonly number[]) => chunks.some(({ type }) => types.includes(type));

  if (!entry.confirmed) {
    if (has(neverFirst)) return invalid("no entry for this tuple, and such an SCTP chunk opens none");
    const flow = openByChunks(chunks, tag);
    if (!flow) return invalid("no entry for this tuple, and the SCTP chunks open none");
    entry.sctp = flow;
  }
  const flow = entry.sctp ?? openSctpFlow();
  if (flow.learnsTags && flow.tags[direction] === 0) flow.tags[direction] = tag;
  if (!has(ownTagRules) && tag !== flow.tags[direction]) return invalid("the SCTP verification tag is wrong");

  const from = flow.state;
  const result = walkChunks(observation, flow, chunks, tag);
  if (result === "invalid") return invalid(`the SCTP chunks cannot come in state ${from}`);
  if (result === "ignore") return accept("an SCTP chunk that passes without effect on the time-out");
  entry.refresh(now, timeoutOf(flow.state, settings), direction, packet.length);
  return accept(from === flow.state ? `the state stays ${from}` : `${from} → ${flow.state} by an SCTP chunk`);
};

/** What a first packet says (sctp_new). */
function openByChunks(chunks: readonly Chunk[], tag: number): SctpFlow | undefined {
  const flow = openSctpFlow();
  for (const { type, initTag } of chunks) {
    const next = nextSctpState("original", type, "NONE");
    if (next === "NONE" || next === "invalid") return undefined;
    if (type === chunk.init) {
      if (tag !== 0 || initTag === undefined) return undefined;
      flow.tags.reply = initTag;
    } else if (type === chunk.heartbeat) flow.tags.original = tag;
    else if (type === chunk.shutdownAck) flow.tags.reply = tag;
  }
  return flow;
}

function walkChunks(
  { entry, direction }: Observation,
  flow: SctpFlow,
  chunks: readonly Chunk[],
  tag: number,
): "count" | "ignore" | "invalid" {
  let ignore = false;
  for (const part of chunks) {
    const fits = checkTag(
      flow,
      direction,
      part,
      tag,
      ignore || chunks.some(({ type }) => type === chunk.data),
    );
    if (fits === "stray") {
      ignore = true;
      continue;
    }
    if (!fits) return "invalid";
    const from = flow.state;
    const to = nextSctpState(direction, part.type, from);
    // an INIT again must not keep the entry for ever
    if (part.type === chunk.init && from === "CLOSED" && to === "CLOSED" && entry.confirmed) ignore = true;
    if (to === "invalid" || !learnTags(flow, direction, part, entry.confirmed)) return "invalid";
    flow.state = to;
    if (from !== to && to === "ESTABLISHED") entry.status |= connectionStatus.assured;
  }
  return ignore ? "ignore" : "count";
}

/** The tag rules of RFC 9260, 8.5.1. "stray" is a heartbeat with a wrong tag, which its answer may prove right. */
function checkTag(
  flow: SctpFlow,
  direction: "original" | "reply",
  { type, flags }: Chunk,
  tag: number,
  refuseStray: boolean,
): boolean | "stray" {
  const own = flow.tags[direction];
  const other = flow.tags[opposite(direction)];
  switch (type) {
    case chunk.init:
      return tag === 0;
    case chunk.abort:
    case chunk.shutdownComplete:
      return tag === (flags & reflectedTag ? other : own);
    case chunk.cookieEcho:
      return tag === own;
    case chunk.cookieAck:
      flow.initSeen.original = flow.initSeen.reply = false;
      return true;
    case chunk.heartbeat:
    case chunk.heartbeatAck:
      break;
    default:
      return true;
  }
  if (own === 0) {
    flow.tags[direction] = tag;
    return true;
  }
  if (tag === own) {
    flow.strayHeartbeat = false;
    return true;
  }
  if (refuseStray) return false;
  if (type === chunk.heartbeat) {
    flow.strayHeartbeat = true;
    flow.lastDirection = direction;
    return "stray";
  }
  if (!flow.strayHeartbeat || flow.lastDirection === direction) return false;
  flow.strayHeartbeat = false;
  flow.tags[direction] = tag;
  flow.tags[opposite(direction)] = 0;
  return true;
}

/** INIT and INIT ACK name the tag that the other side shall use; false where they contradict what was agreed. */
function learnTags(
  flow: SctpFlow,
  direction: "original" | "reply",
  { type, initTag }: Chunk,
  isOpen: boolean,
): boolean {
  if (type !== chunk.init && type !== chunk.initAck) return true;
  if (initTag === undefined) return false;
  const there = opposite(direction);
  const { initSeen, tags } = flow;
  if (type === chunk.init) {
    // the very INIT that was seen before, come again, starts nothing
    if (isOpen && tags[there] === initTag) return true;
    if (initSeen.original && initSeen.reply) initSeen[there] = false;
    initSeen[direction] = true;
  } else {
    const known = tags[there];
    if (!initSeen[there] && known !== 0 && known !== initTag) return false;
    if (initSeen.original && initSeen.reply && known !== initTag) return false;
  }
  tags[there] = initTag;
  return true;
}

const timeoutNames: Readonly<Record<Exclude<SctpState, "NONE">, SctpTimeout>> = {
  CLOSED: "closed",
  COOKIE_WAIT: "cookie_wait",
  COOKIE_ECHOED: "cookie_echoed",
  ESTABLISHED: "established",
  SHUTDOWN_SENT: "shutdown_sent",
  SHUTDOWN_RECD: "shutdown_recd",
  SHUTDOWN_ACK_SENT: "shutdown_ack_sent",
  HEARTBEAT_SENT: "heartbeat_sent",
};

const timeoutOf = (state: SctpState, { sctp }: Settings): number =>
  state === "NONE" ? sctp.closed : sctp[timeoutNames[state]];
