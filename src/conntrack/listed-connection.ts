import type { Direction, Tuple, Zone } from "../packet/connection.ts";
import type { FlowCounters } from "./entry.ts";

/** What a line of `conntrack -L` tells of a connection. What it keeps to itself (windows, a master) nobody else tells, either. */
export interface ListedConnection {
  readonly original: Tuple;
  readonly reply: Tuple;
  readonly zone: Zone;
  /** Seconds that were left when the listing was made. */
  readonly secondsLeft: number;
  /** The protocol's word for where the connection is, as `ESTABLISHED`; only some protocols have one. */
  readonly state: string | undefined;
  readonly seenReply: boolean;
  readonly assured: boolean;
  readonly mark: number;
  readonly helper: string | undefined;
  readonly counters: Readonly<Record<Direction, FlowCounters>> | undefined;
}
