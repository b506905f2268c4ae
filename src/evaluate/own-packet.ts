import type { Route } from "../host/host.ts";
import type { Tracking } from "../packet/connection.ts";
import { kernelSocket, Packet } from "../packet/packet.ts";
import { type AnswerWay, Journey } from "./journey.ts";
import { sendCopy, sendLocal } from "./path.ts";

/** Sends a packet that the host makes because of the journey's packet; its way is part of that packet's trace. */
export function emitOwn(journey: Journey, bytes: Uint8Array, way: AnswerWay = {}): void {
  const answer = new Packet(bytes);
  answer.mark = way.mark ?? 0;
  if (way.route && "device" in way.route) answer.realms = way.route.realms;
  if (way.tracking) answer.tracking = way.tracking.attached;
  else if (!way.isUnattached) answer.tracking = attachedTracking(journey.packet.tracking);
  if (answer.protocol !== 6) answer.owner = kernelSocket;
  const own = new Journey(journey.environment, answer, true);
  own.attachedToNothing = !way.isUnattached && journey.packet.tracking?.kind === "untracked";
  own.boundTo = way.outDevice;
  own.isCopy = journey.isCopy;
  own.copies = journey.copies;
  own.route = way.route;
  own.note({ kind: "packet", what: "generated", device: undefined, bytes: bytes.slice() });
  if (way.route) own.note({ kind: "route", hook: undefined, text: way.route.why, again: false });
  journey.answer(own);
  sendLocal(own);
}

/**
 * Sends a copy that TEE made of the journey's packet. It remembers how long the pieces were that conntrack put together,
 * and shares them with the packet, so that it is cut anew.
 */
export function emitCopy(journey: Journey, copy: Packet, route: Extract<Route, { device: string }>): void {
  const own = new Journey(journey.environment, copy);
  copy.realms = route.realms;
  own.isCopy = true;
  own.arrivedOn = journey.arrivedOn;
  own.idIsDrawn = journey.idIsDrawn;
  own.copies = journey.copies;
  own.pieces = journey.pieces;
  own.ipOptions = journey.ipOptions && { ...journey.ipOptions, changed: false };
  // the copy knows how long its pieces were, but shares them with the packet, and so is cut anew
  own.cut = journey.cut;
  own.isLinear = true;
  own.note({ kind: "packet", what: "generated", device: undefined, bytes: copy.bytes.slice() });
  journey.answer(own);
  // nf_dup_ipv4 and nf_dup_ipv6 turn softirqs off meanwhile
  const { backlog } = journey.environment;
  backlog.hold();
  sendCopy(own, route);
  backlog.release();
}

/**
 * nf_conntrack_attach (nf_conntrack_core.c): the answer belongs to the connection of what it answers, as RELATED in the
 * other direction. An answer to an untracked packet is tracked on its own, and so is one to an invalid packet.
 */
function attachedTracking(tracking: Tracking | undefined): Tracking | undefined {
  if (tracking?.kind !== "tracked") return undefined;
  return {
    kind: "tracked",
    connection: tracking.connection,
    direction: tracking.direction === "original" ? "reply" : "original",
    state: "RELATED",
    reason: "the host's answer to a packet of this connection",
  };
}
