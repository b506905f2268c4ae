import { invertTuple, readTuple } from "../conntrack/tuple.ts";
import { connectionStatus, type Tracking } from "../packet/connection.ts";
import type { Packet } from "../packet/packet.ts";

/** A state that a user asks to take for what conntrack says. */
export type AssumedState = "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED";

const reason = "assumed, as asked";

/**
 * The tracking of a packet in an assumed state. Its connection is no entry of the table: it has the packet's own tuple, no
 * mark and no NAT. A packet without a tuple (a later fragment, cut short) can only be INVALID.
 */
export function assumedTracking(packet: Packet, state: AssumedState): Tracking {
  if (state === "UNTRACKED") return { kind: "untracked" };
  if (state === "INVALID") return { kind: "invalid", reason };
  const original = readTuple(packet.bytes, 0, packet.family, 0)?.tuple;
  if (!original) return { kind: "invalid", reason: `${state} was asked for, but the packet has no tuple` };
  const seenReply = state === "ESTABLISHED" ? connectionStatus.seenReply | connectionStatus.assured : 0;
  return {
    kind: "tracked",
    connection: {
      original,
      reply: invertTuple(original) ?? original,
      status: connectionStatus.confirmed | seenReply,
      mark: 0,
      expires: 0,
      master: undefined,
    },
    direction: "original",
    state,
    reason,
  };
}
