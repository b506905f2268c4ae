import type { Direction } from "../../packet/connection.ts";
import type { SctpState } from "./states.ts";

/** SCTP's part of a connection (struct ip_ct_sctp). */
export interface SctpFlow {
  state: SctpState;
  /** The verification tag that packets of each direction carry; 0 is not known yet. */
  readonly tags: Record<Direction, number>;
  /** The connection was listed, and listings have no tags: the first of each direction is taken for right. */
  learnsTags?: true;
  /** Who sent an INIT that is not done with. */
  readonly initSeen: Record<Direction, boolean>;
  /** A heartbeat came with a wrong tag; the direction that sent it. Its answer may set the tag right. */
  strayHeartbeat: boolean;
  lastDirection: Direction;
}

export const openSctpFlow = (): SctpFlow => ({
  state: "NONE",
  tags: { original: 0, reply: 0 },
  initSeen: { original: false, reply: false },
  strayHeartbeat: false,
  lastDirection: "original",
});
