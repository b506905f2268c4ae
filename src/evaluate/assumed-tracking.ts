import { Entry } from "../conntrack/entry.ts";
import { readTuple } from "../conntrack/tuple.ts";
import { defaultZone } from "../conntrack/zone.ts";
import { connectionStatus, type Tracking } from "../packet/connection.ts";
import type { Packet } from "../packet/packet.ts";

/** A state that a user asks to take for what conntrack says. */
export type AssumedState = "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED";

const reason = "assumed, as asked";

/**
 * The tracking of a packet in an assumed state. Its connection has the packet's own tuple, no mark and no NAT, and is no entry
 * of the table. A NEW packet opens it; so does a RELATED one that is no ICMP error, for a helper expected it, and the nat
 * table is asked about both. A packet without a tuple (a later fragment, cut short) can only be INVALID.
 */
export function assumedTracking(packet: Packet, state: AssumedState): Tracking {
  if (state === "UNTRACKED") return { kind: "untracked" };
  if (state === "INVALID") return { kind: "invalid", reason };
  const original = readTuple(packet.bytes, 0, packet.family, 0)?.tuple;
  if (!original) return { kind: "invalid", reason: `${state} was asked for, but the packet has no tuple` };
  const connection = new Entry(original, defaultZone, false);
  connection.makeRare().isAssumed = true;
  const { confirmed, seenReply, assured, expected } = connectionStatus;
  if (state === "ESTABLISHED") connection.status = confirmed | seenReply | assured;
  else if (state === "RELATED") connection.status = isIcmp(packet) ? confirmed : expected;
  return { kind: "tracked", connection, direction: "original", state, reason };
}

const isIcmp = ({ family, protocol }: Packet): boolean => protocol === (family === "ipv4" ? 1 : 58);
