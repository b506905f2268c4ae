import type { NatRange } from "../extensions/effect.ts";
import {
  type Connection,
  connectionStatus,
  type Direction,
  type Tracking,
  type Tuple,
  type Zone,
} from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import type { Conntrack, NatManip } from "./conntrack.ts";
import { Entry } from "./entry.ts";
import { assignHelper } from "./helper/assign-helper.ts";
import { type Expectation, Expectations } from "./helper/expectations.ts";
import { helpPacket } from "./helper/help-packet.ts";
import { classifyIcmp } from "./icmp-error.ts";
import type { ListedConnection } from "./listed-connection.ts";
import { bindMapping } from "./nat/bind.ts";
import { followMaster } from "./nat/follow-master.ts";
import { isRelatedIcmp, translatePacket } from "./nat/translate.ts";
import type { DrawnPort } from "./nat/unique-tuple.ts";
import { printEntry } from "./print-entry.ts";
import { protocol } from "./protocol-numbers.ts";
import { restoreEntry } from "./restore-entry.ts";
import { trackSctp } from "./sctp/tracker-sctp.ts";
import { readSettings, type Settings } from "./settings.ts";
import { ConnectionTable } from "./table.ts";
import { trackTcp } from "./tcp/tracker-tcp.ts";
import { type Template, templateOf } from "./template.ts";
import type { Tracker } from "./tracker.ts";
import { trackGeneric, trackGre } from "./tracker-generic.ts";
import { trackIcmp, trackIcmpv6 } from "./tracker-icmp.ts";
import { trackUdp, trackUdplite } from "./tracker-udp.ts";
import { inverseIcmpType, type ReadTuple, readTuple } from "./tuple.ts";
import { defaultZone } from "./zone.ts";

export interface ConntrackOptions {
  /** Seconds since 1970; never goes back. */
  readonly now: () => number;
  /** By dotted name; `undefined` where the host does not say, which means Linux's default. */
  readonly sysctl: (name: string) => string | undefined;
  /** In [0, 1): what the kernel draws at random (ports, victims of a full table). */
  readonly random: () => number;
  /** Entries count packets and bytes whatever the sysctl says: a `connbytes` rule turns that on. */
  readonly accounting?: boolean;
  /** For replays: which port the recorded kernel drew. It is taken where a port has to be drawn and that one is free. */
  readonly drawnPort?: DrawnPort;
  /** Told what an answer hangs on that only the kernel knows. */
  readonly assume?: (text: string) => void;
}

const trackers: ReadonlyMap<number, Tracker> = new Map([
  [protocol.tcp, trackTcp],
  [protocol.udp, trackUdp],
  [protocol.udplite, trackUdplite],
  [protocol.icmp, trackIcmp],
  [protocol.icmpv6, trackIcmpv6],
  [protocol.gre, trackGre],
  [protocol.sctp, trackSctp],
]);

type Verdict = "ACCEPT" | "DROP";

/** What a rule wants for a new connection, and where an old one is looked for. */
interface Demand {
  readonly zone: Zone;
  readonly template: Template | undefined;
}

/** Linux's connection tracking with an empty table. */
export function createConntrack(options: ConntrackOptions): Conntrack {
  return new LinuxConntrack(options);
}

class LinuxConntrack implements Conntrack {
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly drawnPort: DrawnPort | undefined;
  private readonly settings: Settings;
  private readonly table: ConnectionTable;
  private readonly expectations: Expectations;
  private readonly assume: (text: string) => void;
  /** Chance of a full table. */
  private readonly drawVictim: () => number;

  constructor({ now, sysctl, random, drawnPort, accounting = false, assume }: ConntrackOptions) {
    this.now = now;
    this.random = random;
    this.assume = assume ?? (() => {});
    this.drawVictim = () => {
      this.assume(
        "the connection table is full: which entry gives way, if any, hangs on the kernel's secret hash",
      );
      return random();
    };
    this.drawnPort = drawnPort;
    const settings = readSettings(sysctl);
    this.settings = { ...settings, accounting: settings.accounting || accounting };
    this.expectations = new Expectations(now, random, drawnPort);
    this.table = new ConnectionTable(now, (entry) => this.expectations.remove(entry));
  }

  track(packet: Packet, hook: Hook): Verdict {
    const template = templateOf(packet);
    if (template) packet.tracking = undefined;
    // an invalid packet has nothing attached, so one that comes back over loopback is looked at again
    if (packet.tracking && packet.tracking.kind !== "invalid") return "ACCEPT";
    const { settings, table } = this;
    const zone = template?.zoneFor(packet.mark) ?? defaultZone;
    const number = packet.protocol;
    // of a later fragment, or behind a broken chain of headers, there is no ICMP header
    const hasHeader = packet.headersAreSound && packet.fragmentOffset === 0;
    if (hasHeader && (number === protocol.icmp || number === protocol.icmpv6)) {
      const { transportOffset } = packet;
      const icmp = classifyIcmp({ packet, hook, transportOffset, zone, settings, table }, number);
      if (icmp.kind !== "query") {
        packet.tracking =
          icmp.kind === "related"
            ? {
                kind: "tracked",
                connection: icmp.entry,
                direction: icmp.direction,
                state: "RELATED",
                reason: icmp.reason,
              }
            : icmp;
        return "ACCEPT";
      }
    }
    const read = readTuple(packet.bytes, 0, packet.family, zone.original);
    if (!read) {
      packet.tracking = {
        kind: "invalid",
        reason: "the packet has no tuple: it is cut short or a later fragment",
      };
      return "ACCEPT";
    }
    return this.trackTuple(packet, hook, read, { zone, template });
  }

  /** resolve_normal_ct and nf_conntrack_handle_packet (nf_conntrack_core.c), again where an old connection gave way. */
  private trackTuple(packet: Packet, hook: Hook, read: ReadTuple, demand: Demand): Verdict {
    const { tuple, transportOffset } = read;
    const { table, settings } = this;
    const found = table.find(tuple, demand.zone) ?? this.open(tuple, demand);
    if (found === "full") return "DROP";
    if (!found) {
      packet.tracking = { kind: "invalid", reason: `ICMP type ${tuple.icmpType} opens no connection` };
      return "ACCEPT";
    }
    const { entry, direction } = found;
    if (entry.tcp && entry.rare.isListed)
      this.assume("a listing of connections has no TCP windows: this connection's segments are taken to fit");
    const state = stateOf(entry, direction);
    const verdict = (trackers.get(tuple.protocol) ?? trackGeneric)({
      packet,
      transportOffset,
      hook,
      entry,
      direction,
      now: this.now(),
      settings,
      table,
    });
    if (verdict.kind === "reopen") return this.trackTuple(packet, hook, read, demand);
    if (verdict.kind === "invalid") {
      packet.tracking = verdict;
      return "ACCEPT";
    }
    if (direction === "reply") entry.status |= connectionStatus.seenReply;
    packet.tracking = { kind: "tracked", connection: entry, direction, state, reason: verdict.reason };
    return "ACCEPT";
  }

  /** A new entry (init_conntrack), which enters the table when it is confirmed. */
  private open(
    tuple: Tuple,
    { zone, template }: Demand,
  ): { entry: Entry; direction: Direction } | "full" | undefined {
    if (inverseIcmpType(tuple.protocol, tuple.icmpType) === undefined) return undefined;
    if (!this.table.makeRoom(this.settings, this.drawVictim)) return "full";
    const entry = new Entry(tuple, zone, this.settings.accounting);
    const expectation = this.expectations.take(tuple, zone.id);
    if (expectation) this.fulfil(expectation, entry);
    else if (template?.helper !== undefined) {
      assignHelper(entry, template.helper);
    }
    return { entry, direction: "original" };
  }

  /** The new connection is one that a helper expected: it is RELATED to its master, and goes the master's ways. */
  private fulfil(expectation: Expectation, entry: Entry): void {
    const { master, follow } = expectation;
    entry.status |= connectionStatus.expected;
    entry.makeRare().master = master;
    entry.mark = master.mark;
    const { table, random, drawnPort } = this;
    if (follow) followMaster({ entry, table, random, drawnPort }, master, follow);
  }

  needsNat(packet: Packet, manip: NatManip): boolean {
    const { tracking } = packet;
    if (tracking?.kind !== "tracked" || tracking.state === "ESTABLISHED") return false;
    if (isRelatedIcmp(packet, tracking)) return false;
    const done = manip === "source" ? connectionStatus.sourceNatDone : connectionStatus.destinationNatDone;
    return (tracking.connection.status & done) === 0;
  }

  bindNat(packet: Packet, manip: NatManip, range: NatRange, masqueradeDevice?: string): Verdict {
    const entry = entryOf(packet.tracking);
    if (!entry) return "ACCEPT";
    const { table, random, drawnPort } = this;
    bindMapping({ entry, manip, range, table, random, drawnPort });
    if (masqueradeDevice !== undefined) entry.makeRare().masqueradeDevice = masqueradeDevice;
    return "ACCEPT";
  }

  translate(packet: Packet, hook: Hook, outDevice?: string): Verdict {
    const { tracking } = packet;
    const entry = entryOf(tracking);
    if (!entry || tracking?.kind !== "tracked") return "ACCEPT";
    const leaves = hook === "POSTROUTING" && tracking.direction === "original";
    const device = entry.rare.masqueradeDevice;
    if (leaves && device !== undefined && device !== outDevice && !isRelatedIcmp(packet, tracking)) {
      entry.count(tracking.direction, packet.length);
      this.table.remove(entry);
      return "DROP";
    }
    return translatePacket(packet, entry, tracking, hook) ? "ACCEPT" : "DROP";
  }

  help(packet: Packet, looped = false): string | undefined {
    const { tracking } = packet;
    const entry = entryOf(tracking);
    if (!entry || tracking?.kind !== "tracked") return undefined;
    return helpPacket({ packet, entry, tracking, looped, expectations: this.expectations });
  }

  confirm(packet: Packet): Verdict {
    const { tracking } = packet;
    const entry = entryOf(tracking);
    // an answer of the host itself leaves before the packet that it answers is through: it confirms nothing
    if (
      !entry ||
      entry.confirmed ||
      entry.rare.isAssumed ||
      tracking?.kind !== "tracked" ||
      tracking.direction === "reply"
    ) {
      return "ACCEPT";
    }
    if (entry.has(connectionStatus.dying)) return "DROP";
    if (this.table.hasRivalOf(entry)) return "DROP";
    entry.timeout += this.now();
    entry.status |= connectionStatus.confirmed;
    this.table.add(entry);
    return "ACCEPT";
  }

  restore(connections: readonly ListedConnection[]): void {
    const now = this.now();
    for (const listed of connections) this.table.add(restoreEntry(listed, now, this.settings.accounting));
  }

  setClosing(packet: Packet): void {
    const entry = entryOf(packet.tracking);
    if (!entry?.confirmed || !entry.tcp || entry.tcp.state === "CLOSE") return;
    entry.tcp.state = "CLOSE";
    entry.timeout = this.now() + this.settings.tcp.timeouts.CLOSE;
  }

  find(tuple: Tuple, zone: Zone): ReturnType<Conntrack["find"]> {
    const entry = this.table.find(tuple, zone)?.entry;
    if (!entry) return undefined;
    return {
      zone: entry.zone,
      protocol: entry.original.protocol,
      tcpState: entry.tcp?.state,
      confirmed: entry.confirmed,
    };
  }

  lookUp(packet: Packet): ReturnType<NonNullable<Conntrack["lookUp"]>> {
    const zone = templateOf(packet)?.zone ?? defaultZone;
    const tuple = readTuple(packet.bytes, 0, packet.family, zone.original)?.tuple;
    return tuple && { tuple, zone, connection: this.table.find(tuple, zone)?.entry };
  }

  listExpected(): readonly string[] {
    return this.expectations.list();
  }

  list(): readonly string[] {
    const now = this.now();
    return [...this.table.living()].map((entry) => printEntry(entry, now)).sort();
  }

  describe(connection: Connection): string {
    if (!(connection instanceof Entry) || connection.rare.isAssumed)
      return "a connection that is only assumed";
    return printEntry(connection, this.now());
  }
}

/** What a found entry makes of a packet before its protocol is asked. */
function stateOf(entry: Entry, direction: Direction): "NEW" | "ESTABLISHED" | "RELATED" {
  if (direction === "reply" || entry.has(connectionStatus.seenReply)) return "ESTABLISHED";
  return entry.has(connectionStatus.expected) ? "RELATED" : "NEW";
}

/** A template has no entry. */
function entryOf(tracking: Tracking | undefined): Entry | undefined {
  return tracking?.kind === "tracked" && tracking.connection instanceof Entry
    ? tracking.connection
    : undefined;
}
