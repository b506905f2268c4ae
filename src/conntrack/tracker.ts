import type { Direction } from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import type { Entry } from "./entry.ts";
import type { Settings } from "./settings.ts";
import type { ConnectionTable } from "./table.ts";

/** A packet of a known or just opened connection, as its protocol's tracker gets it. */
export interface Observation {
  readonly packet: Packet;
  readonly transportOffset: number;
  readonly hook: Hook;
  readonly entry: Entry;
  readonly direction: Direction;
  /** Seconds since 1970. */
  readonly now: number;
  readonly settings: Settings;
  readonly table: ConnectionTable;
}

/** What a tracker makes of a packet; `reopen` asks for a fresh entry, the old one being gone. */
export type TrackerVerdict =
  | { readonly kind: "accept"; readonly reason: string }
  | { readonly kind: "invalid"; readonly reason: string }
  | { readonly kind: "reopen" };

/** Moves a connection's state by one packet (nf_conntrack_handle_packet). */
export type Tracker = (observation: Observation) => TrackerVerdict;

export const accept = (reason: string): TrackerVerdict => ({ kind: "accept", reason });
export const invalid = (reason: string): TrackerVerdict => ({ kind: "invalid", reason });

/** Checksums count only where packets come in: on the way out they are taken for right. */
export const verifiesChecksum = ({ hook, settings }: Observation): boolean =>
  settings.checksum && hook === "PREROUTING";
