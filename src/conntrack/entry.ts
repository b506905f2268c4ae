import {
  type Connection,
  connectionStatus,
  type Direction,
  type Tuple,
  type Zone,
} from "../packet/connection.ts";
import type { FtpState } from "./helper/ftp.ts";
import type { SequenceShift } from "./helper/sequence-shift.ts";
import type { SctpFlow } from "./sctp/flow.ts";
import type { TcpFlow } from "./tcp/flow.ts";

export interface FlowCounters {
  packets: number;
  bytes: number;
}

export const opposite = (direction: Direction): Direction =>
  direction === "original" ? "reply" : "original";

/** A connection as conntrack keeps it (struct nf_conn). */
export class Entry implements Connection {
  readonly original: Tuple;
  reply: Tuple;
  status = 0;
  mark = 0;
  private ownLabels: Set<number | string> | undefined;
  master: Connection | undefined;
  /** A user assumed it: it never enters the table. */
  isAssumed = false;
  readonly zone: Zone;
  /** The helper that `-j CT --helper` gave it; what that helper remembers stands in a field of its own. */
  helper: string | undefined;
  ftp: FtpState | undefined;
  /** There once a helper changed the length of what the connection carries. */
  sequenceShift: SequenceShift | undefined;
  /** The interface that MASQUERADE took the source address from. */
  masqueradeDevice: string | undefined;
  /** Seconds: from now on while the entry is not confirmed, since 1970 after that. */
  timeout = 0;
  /** There only where nf_conntrack_acct is on. */
  readonly counters: Readonly<Record<Direction, FlowCounters>> | undefined;
  /** There only for TCP. */
  tcp: TcpFlow | undefined;
  /** There only for SCTP. */
  sctp: SctpFlow | undefined;
  /** UDP: the moment (seconds since 1970) from which on traffic both ways makes a stream. */
  streamFrom = 0;

  constructor(original: Tuple, reply: Tuple, zone: Zone, accounting: boolean) {
    this.original = inZone(original, zone.original);
    this.reply = inZone(reply, zone.reply);
    this.zone = zone;
    this.counters = accounting
      ? { original: { packets: 0, bytes: 0 }, reply: { packets: 0, bytes: 0 } }
      : undefined;
  }

  /** Made when it is first asked for. */
  get labels(): Set<number | string> {
    this.ownLabels ??= new Set();
    return this.ownLabels;
  }

  has(bits: number): boolean {
    return (this.status & bits) !== 0;
  }

  get confirmed(): boolean {
    return this.has(connectionStatus.confirmed);
  }

  /** An entry that is not in the table has no moment at which it goes: 0, as nf_ct_expires then gives no time left. */
  get expires(): number {
    return this.confirmed ? this.timeout : 0;
  }

  /** The entry stays for `seconds` from now on, and counts the packet (__nf_ct_refresh_acct). */
  refresh(now: number, seconds: number, direction: Direction, bytes: number): void {
    this.timeout = this.confirmed ? now + seconds : seconds;
    this.count(direction, bytes);
  }

  count(direction: Direction, bytes: number): void {
    const counters = this.counters?.[direction];
    if (!counters) return;
    counters.packets++;
    counters.bytes += bytes;
  }
}

const inZone = (tuple: Tuple, zone: number): Tuple => (tuple.zone === zone ? tuple : { ...tuple, zone });
