import type { Conntrack } from "../conntrack/conntrack.ts";
import { createConntrack } from "../conntrack/create-conntrack.ts";
import type { ListedConnection } from "../conntrack/listed-connection.ts";
import type { DrawnPort } from "../conntrack/nat/unique-tuple.ts";
import { connectionsOf } from "../conntrack/parse-connections.ts";
import type { Host } from "../host/host.ts";
import type { Ipsets } from "../host/ipset/ipsets.ts";
import { LiveSets } from "../host/ipset/live-sets.ts";
import { writtenSets } from "../host/ipset/written-sets.ts";
import type { Backend } from "../model/hooks.ts";
import { kernelNeed, noNeeds } from "../model/kernel-needs.ts";
import { needsOf } from "../model/rule-formula.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { familyOf, writeAddress } from "../packet/address.ts";
import { setHeaderChecksum } from "../packet/checksum.ts";
import { decodeFrame } from "../packet/ethernet.ts";
import type { ParameterProblem } from "../packet/hop-by-hop.ts";
import { checkIpHeader } from "../packet/ip-header.ts";
import { Packet } from "../packet/packet.ts";
import { nothingTold, type Told } from "../packet/told.ts";
import type { AssumedState } from "./assumed-tracking.ts";
import { Backlog } from "./backlog.ts";
import { CompiledTables } from "./compile-ruleset.ts";
import type { DecideDraw } from "./draws.ts";
import { sendParameterProblem } from "./icmp6-error.ts";
import { type Environment, Journey } from "./journey.ts";
import { emitCopy, emitOwn } from "./own-packet.ts";
import { receive, sendLocal } from "./path.ts";
import { Peers } from "./peers.ts";
import { Reassembly } from "./reassembly.ts";
import { Reassembly6 } from "./reassembly6.ts";
import type { Trace } from "./trace.ts";
import { MachineWorld } from "./world.ts";

export interface MachineOptions {
  readonly host: Host;
  /** Seconds since 1970 at which the rules are loaded: the memory of `limit` and its like begins here. */
  readonly now: number;
  readonly backend?: Backend;
  /** The host's ipsets as they are at `setsAt`; without them, what depends on a set is assumed. */
  readonly sets?: Ipsets | undefined;
  /** Seconds since 1970, from which the time-outs of sets run; `now` where absent. */
  readonly setsAt?: number;
  /**
   * The connections that the host has at `now`, of which it takes those of the rules' family. A host that has one tracks, also
   * where no rule of this rule set asks for that.
   */
  readonly connections?: readonly ListedConnection[];
  /** Where the kernel draws at random; the same seed gives the same ports. */
  readonly seed?: number | undefined;
  /** Decides in place of the seed whether a match holds that the kernel draws (`explore`). */
  readonly decideDraw?: DecideDraw | undefined;
  /** Minutes that local time is ahead of UTC, for `-m time --kerneltz`. */
  readonly timeZoneMinutes?: number;
  /** For replays: which port the recorded kernel drew. */
  readonly drawnPort?: DrawnPort;
  /** Traces list rules that failed on one condition only. */
  readonly nearMisses?: boolean;
  /** False gives traces without events, which cost more than all the rest: for whoever counts packets and reads no traces. */
  readonly events?: boolean;
  /** Chains of at least so many rules are indexed. Where none is (Infinity), the answers are the same. */
  readonly indexFrom?: number;
}

export interface RunOptions {
  /** Takes this for what conntrack would say, in place of asking it. */
  readonly assumeState?: AssumedState;
  readonly mark?: number;
  /** For local packets: a raw socket sends it (IP_HDRINCL), whose route does not follow the packet's TOS. */
  readonly rawSocket?: boolean;
  /** For local packets; absent is no socket. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** What the packet does not show. */
  readonly told?: Told;
}

const usual: RunOptions = {};

/** A host with its rules, at work: packets in, traces out. Counters, connections and clock live here; the rule set does not change. */
export class Machine {
  private ruleset: Ruleset;
  private readonly tables: CompiledTables;
  private readonly makeConntrack: () => Conntrack;
  private environment: Environment;
  private readonly world: MachineWorld;

  constructor(ruleset: Ruleset, options: MachineOptions) {
    const {
      host,
      now,
      backend = "legacy",
      seed,
      timeZoneMinutes = 0,
      nearMisses = false,
      events = true,
      indexFrom,
    } = options;
    this.ruleset = ruleset;
    this.world = new MachineWorld(host, now, { seed, timeZoneMinutes, decideDraw: options.decideDraw });
    const { world } = this;
    this.makeConntrack = () => {
      const conntrack = createConntrack({
        now: () => world.now,
        sysctl: (name) => host.sysctl(name),
        random: () => world.random(),
        assume: (text) => world.assume(text),
        accounting:
          host.sysctl("net.netfilter.nf_conntrack_acct") === "1" ||
          (needsOf(this.ruleset) & kernelNeed.accounting) !== 0,
        ...(options.drawnPort ? { drawnPort: options.drawnPort } : {}),
      });
      world.connections = conntrack;
      return conntrack;
    };
    const listed = connectionsOf(options.connections ?? [], ruleset.family);
    const needs = needsOf(ruleset);
    const tracks = listed.length > 0 || (needs & kernelNeed.conntrack) !== 0;
    const conntrack = tracks ? this.makeConntrack() : undefined;
    conntrack?.restore(listed);
    const { sets, setsAt = now } = options;
    if (sets) world.sets = new LiveSets(sets, setsAt, writtenSets(ruleset));
    this.tables = new CompiledTables(ruleset, world, { backend, indexFrom });
    this.environment = {
      host,
      backend,
      tables: this.tables,
      conntrack,
      defragments: conntrack !== undefined || (needs & kernelNeed.defragmentation) !== 0,
      reassembly: new Reassembly(host.sysctl("net.ipv4.ipfrag_time")),
      peers: new Peers(),
      backlog: new Backlog(),
      reassembly6: new Reassembly6(),
      world,
      events,
      nearMisses,
      receive,
      answer: emitOwn,
      copy: emitCopy,
    };
  }

  /** A frame comes in on `device`. `at` is in seconds since 1970 and must not go back. Malformed frames are dropped as the kernel does. */
  receive(device: string, frame: Uint8Array, at: number, options: RunOptions = usual): Trace {
    this.begin(at);
    const decoded = decodeFrame(frame, this.environment.host.interfaces.get(device)?.mac);
    if (!decoded.ok) {
      return decoded.answer
        ? this.answerOption(device, decoded.answer, decoded.reason)
        : this.unreadable(frame, decoded.reason);
    }
    const journey = new Journey(this.environment, decoded.packet);
    if (journey.watched)
      journey.note({ kind: "packet", what: "received", device, bytes: decoded.packet.bytes.slice() });
    this.prepare(journey, options);
    const { backlog } = this.environment;
    backlog.hold();
    receive(journey, device);
    backlog.release();
    return journey.trace();
  }

  /** A local process sends an IP packet. */
  send(packet: Uint8Array, at: number, options: RunOptions = {}): Trace {
    this.begin(at);
    const bytes = packet.slice();
    const idIsDrawn = bytes[0]! >> 4 === 4 && (bytes[4]! | bytes[5]!) === 0;
    this.fillHeader(bytes);
    const checked = checkIpHeader(bytes);
    if (!checked.ok) return this.unreadable(packet, checked.reason);
    const journey = new Journey(this.environment, new Packet(bytes));
    journey.idIsDrawn = idIsDrawn;
    journey.packet.hasTransportMark = false;
    if (journey.watched)
      journey.note({ kind: "packet", what: "sent", device: undefined, bytes: bytes.slice() });
    this.prepare(journey, options);
    sendLocal(journey);
    return journey.trace();
  }

  /**
   * The rules change, as edits of `ruleset` left them (`applyCommand`). What an edit did not touch goes on: rules keep their
   * counters, and connections stay. With the legacy backend a table that changes is handed over as a whole, so that its
   * `limit`, `quota`, `statistic` and the like begin anew. Costs by what changed. A new rule turns conntrack on where it needs
   * it; accounting, and what sets hold, are as they were at the start.
   */
  edit(ruleset: Ruleset): void {
    this.ruleset = ruleset;
    const added = this.tables.edit(ruleset);
    const { environment } = this;
    const needs = added.reduce((all, rule) => all | rule.needs, noNeeds);
    const tracks = (needs & kernelNeed.conntrack) !== 0;
    const conntrack = environment.conntrack ?? (tracks ? this.makeConntrack() : undefined);
    const defragments =
      environment.defragments || conntrack !== undefined || (needs & kernelNeed.defragmentation) !== 0;
    this.environment = { ...environment, conntrack, defragments };
  }

  /** The rule set with the counters as they are now. */
  counters(): Ruleset {
    return { ...this.ruleset, tables: this.tables.counted() };
  }

  /** `conntrack -L`, sorted; empty where no rule turns conntrack on. */
  conntrack(): readonly string[] {
    return this.environment.conntrack?.list() ?? [];
  }

  /** `conntrack -L expect`, likewise: the connections that helpers have read of. */
  expectations(): readonly string[] {
    return this.environment.conntrack?.listExpected() ?? [];
  }

  private begin(at: number): void {
    this.world.now = Math.max(this.world.now, at);
    // clearing an empty set is not for nothing
    if (this.world.assumptions.size > 0) this.world.assumptions.clear();
  }

  private prepare(journey: Journey, options: RunOptions): void {
    const { packet } = journey;
    packet.mark = options.mark ?? 0;
    journey.rawSocket = options.rawSocket ?? false;
    packet.owner = options.owner;
    packet.told = options.told ?? nothingTold;
    if (familyOf(packet.source) !== this.ruleset.family) {
      this.world.assume(
        `the rule set is ${this.ruleset.family}: nothing is known of rules for this packet's family`,
      );
    }
    journey.assumedState = options.assumeState;
  }

  /** raw_send_hdrinc (net/ipv4/raw.c): total length, checksum and a source left open are the kernel's to fill in. */
  private fillHeader(bytes: Uint8Array): void {
    if (bytes.length < 20 || bytes[0]! >> 4 !== 4 || (bytes[0]! & 15) * 4 > bytes.length) return;
    bytes[2] = bytes.length >> 8;
    bytes[3] = bytes.length;
    const { source, destination } = new Packet(bytes);
    if (source === 0) {
      const route = this.environment.host.route({
        source: undefined,
        destination,
        tos: bytes[1]!,
        mark: 0,
        inDevice: undefined,
      });
      const chosen = "preferredSource" in route ? route.preferredSource : destination;
      if (chosen !== undefined) writeAddress(bytes, 12, chosen);
    }
    setHeaderChecksum(bytes);
  }

  /** An IPv6 packet with a hop-by-hop option that asks for an answer (RFC 8200, 4.2) or contradicts its header. */
  private answerOption(
    device: string,
    answer: { packet: Packet; problem: ParameterProblem },
    reason: string,
  ): Trace {
    const journey = new Journey(this.environment, answer.packet);
    journey.context.inDevice = device;
    journey.note({ kind: "packet", what: "received", device, bytes: answer.packet.bytes.slice() });
    const { backlog } = this.environment;
    backlog.hold();
    sendParameterProblem(journey, answer.problem);
    backlog.release();
    journey.drop(reason);
    return journey.trace();
  }

  private unreadable(bytes: Uint8Array, reason: string): Trace {
    return {
      events: [{ kind: "dropped", reason }],
      fate: { verdict: "DROP", outcome: "dropped", hook: undefined, decision: { kind: "host", reason } },
      emitted: [],
      assumptions: bytes.length === 0 ? ["the packet is empty"] : [],
    };
  }
}
