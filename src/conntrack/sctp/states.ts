import type { Direction } from "../../packet/connection.ts";

/** SCTP's states in conntrack (nf_conntrack_sctp.h), in the order of the table's columns. */
export const sctpStates = [
  "NONE",
  "CLOSED",
  "COOKIE_WAIT",
  "COOKIE_ECHOED",
  "ESTABLISHED",
  "SHUTDOWN_SENT",
  "SHUTDOWN_RECD",
  "SHUTDOWN_ACK_SENT",
  "HEARTBEAT_SENT",
] as const;
export type SctpState = (typeof sctpStates)[number];

/** Chunk types that matter (RFC 9260, 3.2). */
export const chunk = {
  data: 0,
  init: 1,
  initAck: 2,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
} as const;

const abbreviations: Readonly<Record<string, SctpState | "invalid">> = {
  CL: "CLOSED",
  CW: "COOKIE_WAIT",
  CE: "COOKIE_ECHOED",
  ES: "ESTABLISHED",
  SS: "SHUTDOWN_SENT",
  SR: "SHUTDOWN_RECD",
  SA: "SHUTDOWN_ACK_SENT",
  HS: "HEARTBEAT_SENT",
  "--": "invalid",
};

/** Linux 6.18's transitions (nf_conntrack_proto_sctp.c) by chunk type; the columns are `sctpStates`. */
const rows: Readonly<Record<Direction, Readonly<Record<number, string>>>> = {
  original: {
    //                        NO CL CW CE ES SS SR SA HS
    [chunk.init]: /*       */ "CL CL CW CE ES CL CL SA CW",
    [chunk.initAck]: /*    */ "CL CL CW CE ES SS SR SA CL",
    [chunk.abort]: /*      */ "CL CL CL CL CL CL CL CL CL",
    [chunk.shutdown]: /*   */ "CL CL CW CE SS SS SR SA CL",
    [chunk.shutdownAck]: /**/ "SA CL CW CE ES SA SA SA SA",
    [chunk.error]: /*      */ "CL CL CW CE ES SS SR SA CL",
    [chunk.cookieEcho]: /* */ "CL CL CE CE ES SS SR SA CL",
    [chunk.cookieAck]: /*  */ "CL CL CW ES ES SS SR SA CL",
    [chunk.shutdownComplete]: "CL CL CW CE ES SS SR CL CL",
    [chunk.heartbeat]: /*  */ "HS CL CW CE ES SS SR SA HS",
    [chunk.heartbeatAck]: /**/ "CL CL CW CE ES SS SR SA HS",
  },
  reply: {
    [chunk.init]: /*       */ "-- CL CW CE ES SS SR SA --",
    [chunk.initAck]: /*    */ "-- CW CW CE ES SS SR SA --",
    [chunk.abort]: /*      */ "-- CL CL CL CL CL CL CL --",
    [chunk.shutdown]: /*   */ "-- CL CW CE SR SS SR SA --",
    [chunk.shutdownAck]: /**/ "-- CL CW CE ES SA SA SA --",
    [chunk.error]: /*      */ "-- CL CW CL ES SS SR SA --",
    [chunk.cookieEcho]: /* */ "-- CL CE CE ES SS SR SA --",
    [chunk.cookieAck]: /*  */ "-- CL CW ES ES SS SR SA --",
    [chunk.shutdownComplete]: "-- CL CW CE ES SS SR CL --",
    [chunk.heartbeat]: /*  */ "-- CL CW CE ES SS SR SA HS",
    [chunk.heartbeatAck]: /**/ "-- CL CW CE ES SS SR SA ES",
  },
};

/** Where a chunk leads; chunks that are not listed (DATA, SACK …) change nothing. */
export function nextSctpState(direction: Direction, type: number, state: SctpState): SctpState | "invalid" {
  const word = rows[direction][type]?.split(" ")[sctpStates.indexOf(state)];
  return word === undefined ? state : abbreviations[word]!;
}
