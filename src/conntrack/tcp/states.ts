import type { Direction } from "../../packet/connection.ts";

/** TCP's states in conntrack, numbered as enum tcp_conntrack (nf_conntrack_tcp.h) does. */
export const tcpStates = [
  "NONE",
  "SYN_SENT",
  "SYN_RECV",
  "ESTABLISHED",
  "FIN_WAIT",
  "CLOSE_WAIT",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSE",
  "SYN_SENT2",
] as const;
export type TcpState = (typeof tcpStates)[number];

/** What a segment is to the state table: RST counts before SYN, SYN before FIN, FIN before ACK. */
export const segmentKinds = ["none", "SYN", "SYN/ACK", "FIN", "ACK", "RST"] as const;
export type SegmentKind = (typeof segmentKinds)[number];

/**
 * `invalid`: the segment cannot belong there. `ignore`: it may be right while conntrack is out of step, so it passes and
 * changes nothing until its answer shows who is right.
 */
export type Transition = TcpState | "invalid" | "ignore";

const abbreviations: Readonly<Record<string, Transition>> = {
  SS: "SYN_SENT",
  SR: "SYN_RECV",
  ES: "ESTABLISHED",
  FW: "FIN_WAIT",
  CW: "CLOSE_WAIT",
  LA: "LAST_ACK",
  TW: "TIME_WAIT",
  CL: "CLOSE",
  S2: "SYN_SENT2",
  "--": "invalid",
  "..": "ignore",
};

const none = "-- -- -- -- -- -- -- -- -- --";

/** Linux 6.18's transitions (nf_conntrack_proto_tcp.c); the columns are `tcpStates`. */
const rows: Readonly<Record<Direction, Readonly<Record<SegmentKind, string>>>> = {
  original: {
    //          NO SS SR ES FW CW LA TW CL S2
    SYN: /*  */ "SS SS .. .. .. .. .. SS SS S2",
    "SYN/ACK": "-- -- SR -- -- -- -- -- -- SR",
    FIN: /*  */ "-- -- FW FW LA LA LA TW CL --",
    ACK: /*  */ "ES -- ES ES CW CW TW TW CL --",
    RST: /*  */ "-- CL CL CL CL CL CL CL CL CL",
    none,
  },
  reply: {
    SYN: /*  */ "-- S2 -- -- -- -- -- SS -- S2",
    "SYN/ACK": "-- SR .. .. .. .. .. .. .. SR",
    FIN: /*  */ "-- -- FW FW LA LA LA TW CL --",
    ACK: /*  */ "-- .. SR ES CW CW TW TW CL ..",
    RST: /*  */ "-- CL CL CL CL CL CL CL CL CL",
    none,
  },
};

const transitions = new Map<string, Transition>();
for (const direction of ["original", "reply"] as const) {
  for (const [kind, row] of Object.entries(rows[direction])) {
    for (const [index, word] of row.split(" ").entries()) {
      transitions.set(`${direction} ${kind} ${tcpStates[index]}`, abbreviations[word]!);
    }
  }
}

/** Where a segment of this kind and direction leads from a state, before anything else is looked at. */
export const nextState = (direction: Direction, kind: SegmentKind, state: TcpState): Transition =>
  transitions.get(`${direction} ${kind} ${state}`)!;

/** Whether a closing connection may give way to another one (tcp_can_early_drop). */
export const isClosing = (state: TcpState): boolean =>
  ["FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE"].includes(state);
