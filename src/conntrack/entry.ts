import {
  type Connection,
  connectionStatus,
  type Direction,
  type Tuple,
  type Zone,
} from "../packet/connection.ts";
import type { FtpState } from "./helper/ftp.ts";
import type { SequenceShift } from "./helper/sequence-shift.ts";
import {
  invertPacked,
  type PackedTuple,
  packAddress,
  packKind,
  packPorts,
  packTuple,
  samePacked,
  unpackTuple,
} from "./packed-tuple.ts";
import type { SctpFlow } from "./sctp/flow.ts";
import { TcpFlow } from "./tcp/flow.ts";

export interface FlowCounters {
  packets: number;
  bytes: number;
}

export const opposite = (direction: Direction): Direction =>
  direction === "original" ? "reply" : "original";

/** What few connections have (the extensions of struct nf_conn). */
interface RareParts {
  labels?: Set<number | string>;
  master?: Connection;
  /** The helper that `-j CT --helper` gave it; what that helper remembers stands in a field of its own. */
  helper?: string;
  ftp?: FtpState;
  /** There once a helper changed the length of what the connection carries. */
  sequenceShift?: SequenceShift;
  /** The interface that MASQUERADE took the source address from. */
  masqueradeDevice?: string;
  /** There only where nf_conntrack_acct is on. */
  counters?: Readonly<Record<Direction, FlowCounters>>;
  /** It comes from a listing, which does not tell all that Linux knows of it. */
  isListed?: true;
  /** A user assumed it: it never enters the table. */
  isAssumed?: true;
}

const nothingRare: Readonly<RareParts> = {};

/**
 * A connection as conntrack keeps it (struct nf_conn). A table may hold a million of them, so the fields are few and fit into
 * a word each: its tuples are packed, and the reply's is there only where it is not the inverse of the original's.
 */
export class Entry implements Connection, PackedTuple {
  /** With `destination`, `ports` and `kind` the packed original tuple. */
  readonly source: number | bigint;
  readonly destination: number | bigint;
  readonly ports: number;
  readonly kind: number;
  readonly zone: Zone;
  status = 0;
  private signedMark = 0;
  /** Seconds: from now on while the entry is not confirmed, since 1970 after that. */
  timeout = 0;
  private ownReply: PackedTuple | undefined;
  /** What its protocol remembers (union nf_conntrack_proto): of UDP, `streamFrom`. */
  private proto: TcpFlow | SctpFlow | number | undefined;
  private rareParts: RareParts | undefined;
  /** The table's: the next entry of each chain that it is in, and where it stands among all; -1 outside of the table. */
  nextByOriginal: Entry | undefined;
  nextByReply: Entry | undefined;
  /** The order in which entries came into the table. */
  serial = 0;
  place = -1;
  /** In the index of sources; the first only of the youngest entry from its source. */
  nextBySource: Entry | undefined;
  older: Entry | undefined;
  younger: Entry | undefined;

  /** Its reply's tuple is the inverse of the original one; ICMP types that nobody answers make no entry. */
  constructor(original: Tuple, zone: Zone, accounting: boolean) {
    this.source = packAddress(original.source);
    this.destination = packAddress(original.destination);
    this.ports = packPorts(original);
    this.kind = packKind(original);
    this.zone = zone;
    if (accounting) {
      this.makeRare().counters = { original: { packets: 0, bytes: 0 }, reply: { packets: 0, bytes: 0 } };
    }
  }

  /** Unpacked at each call. */
  get original(): Tuple {
    return unpackTuple(this, this.zone.original);
  }

  get reply(): Tuple {
    return unpackTuple(this.packedReply, this.zone.reply);
  }

  /** The zone stays the one that the entry has for replies. */
  set reply(tuple: Tuple) {
    const packed = packTuple(tuple);
    const inverse = invertPacked(this);
    this.ownReply = inverse && samePacked(packed, inverse) ? undefined : packed;
  }

  /** Whether the tuple is the reply's; the zone is not looked at. */
  isAnsweredBy(tuple: PackedTuple): boolean {
    if (this.ownReply) return samePacked(this.ownReply, tuple);
    return (
      tuple.source === this.destination &&
      tuple.destination === this.source &&
      samePacked(this.packedReply, tuple)
    );
  }

  get packedReply(): PackedTuple {
    return this.ownReply ?? invertPacked(this) ?? this;
  }

  get mark(): number {
    return this.signedMark >>> 0;
  }

  set mark(mark: number) {
    this.signedMark = mark | 0;
  }

  /** There only for TCP. */
  get tcp(): TcpFlow | undefined {
    return this.proto instanceof TcpFlow ? this.proto : undefined;
  }

  set tcp(flow: TcpFlow | undefined) {
    this.proto = flow;
  }

  /** There only for SCTP. */
  get sctp(): SctpFlow | undefined {
    return typeof this.proto === "object" && !(this.proto instanceof TcpFlow) ? this.proto : undefined;
  }

  set sctp(flow: SctpFlow | undefined) {
    this.proto = flow;
  }

  /** UDP: the moment (seconds since 1970) from which on traffic both ways makes a stream. */
  get streamFrom(): number {
    return typeof this.proto === "number" ? this.proto : 0;
  }

  set streamFrom(seconds: number) {
    this.proto = seconds;
  }

  get rare(): Readonly<RareParts> {
    return this.rareParts ?? nothingRare;
  }

  /** To write to. */
  makeRare(): RareParts {
    this.rareParts ??= {};
    return this.rareParts;
  }

  /** Made when it is first asked for. */
  get labels(): Set<number | string> {
    const rare = this.makeRare();
    rare.labels ??= new Set();
    return rare.labels;
  }

  get master(): Connection | undefined {
    return this.rareParts?.master;
  }

  get helper(): string | undefined {
    return this.rareParts?.helper;
  }

  get counters(): Readonly<Record<Direction, FlowCounters>> | undefined {
    return this.rareParts?.counters;
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
