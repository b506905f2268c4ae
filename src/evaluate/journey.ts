import type { Conntrack } from "../conntrack/conntrack.ts";
import type { Host, Route } from "../host/host.ts";
import type { Backend } from "../model/hooks.ts";
import type { Tracking } from "../packet/connection.ts";
import type { Context, Hook } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import type { AssumedState } from "./assumed-tracking.ts";
import type { Backlog } from "./backlog.ts";
import type { CompiledTables } from "./compile-ruleset.ts";
import type { Cut } from "./fragment6.ts";
import type { ReceivedOptions } from "./ip-option-list.ts";
import { logLine } from "./log/log-line.ts";
import type { Peers } from "./peers.ts";
import type { Reassembled, Reassembly } from "./reassembly.ts";
import type { Reassembly6 } from "./reassembly6.ts";
import type { Decision, EmittedFrame, Fate, RulePlace, Trace, TraceEvent } from "./trace.ts";
import type { Watcher } from "./walk.ts";
import type { MachineWorld } from "./world.ts";

/** What all packets of one machine share. */
export interface Environment {
  readonly host: Host;
  readonly backend: Backend;
  readonly tables: CompiledTables;
  /** `undefined` where no rule turns connection tracking on: then no packet is tracked or translated. */
  readonly conntrack: Conntrack | undefined;
  /** Whether fragments are put together before any table. */
  readonly defragments: boolean;
  readonly reassembly: Reassembly;
  readonly reassembly6: Reassembly6;
  readonly peers: Peers;
  readonly backlog: Backlog;
  readonly world: MachineWorld;
  /** Whether traces have events. */
  readonly events: boolean;
  /** Whether traces list rules that failed on one condition only. */
  readonly nearMisses: boolean;
  /** Takes the journey's packet up as one that came in on a device. */
  receive(journey: Journey, device: string): void;
  /** Sends a packet that the host makes because of the journey's packet. */
  answer(journey: Journey, bytes: Uint8Array, way?: AnswerWay): void;
  /** Sends a copy of the journey's packet whose way is known. */
  copy(journey: Journey, copy: Packet, route: Extract<Route, { device: string }>): void;
}

/** What is settled of an answer's way before it has a header. */
export interface AnswerWay {
  /** The route that its source was chosen by, which the answer then takes; absent means that it is looked up. */
  readonly route?: Route;
  /** It has to leave here. */
  readonly outDevice?: string | undefined;
  /** 0 where nothing is said. */
  readonly mark?: number;
  /** Conntrack takes it for a packet of its own, not for one that belongs to what it answers. */
  readonly isUnattached?: true;
  /** What conntrack shall take it for, where it is not RELATED to what it answers. */
  readonly tracking?: { readonly attached: Tracking | undefined };
}

/** How TRACE logs: everything that LOG can show (nf_log_trace's NF_LOG_DEFAULT_MASK). */
const traceLogging = {
  kind: "log",
  level: 4,
  tcpSequence: true,
  tcpOptions: true,
  ipOptions: true,
  uid: true,
  macDecode: false,
} as const;

/** In place of the trace of a packet that the host made, which may be on its way still. */
interface Made {
  readonly kind: "made";
  readonly journey: Journey;
}

const nothing: readonly never[] = [];
const undecided: Decision = { kind: "host", reason: "no rule was asked" };

/** How many copies of one packet there are. */
interface Copies {
  made: number;
}

/** One packet's way through the host: what happened so far, and where it goes next. */
export class Journey implements Watcher {
  readonly environment: Environment;
  readonly context: Context;
  /** The hook at which the packet is, or was last. */
  hook: Hook | undefined;
  /** The host made this packet itself. */
  readonly own: boolean;
  /** A raw socket sent the packet, header and all. */
  rawSocket = false;
  /** The kernel draws the packet's IPv4 id: it made the packet, or a raw socket left the id to it. */
  idIsDrawn: boolean;
  /** TEE is at work: of its copy, and of what answers that, it makes no copy until it comes back over loopback. */
  isCopy = false;
  /** Where a copy of TEE's was sent first: POSTROUTING takes it for the interface that it came in on (skb->dev in ip_output). */
  copyDevice: string | undefined;
  /** How many copies TEE made of the packet that the host was given, of its copies and of what answered them. */
  private sharedCopies: Copies | undefined;
  /** How often the packet came back over loopback. */
  rounds = 0;
  /** The last routing decision (skb_dst). */
  route: Route | undefined;
  /** Where the packet came in, once it was routed as a received one (rt_is_input_route). */
  inbound: string | undefined;
  /** Where it came in, of a copy where the packet did that it was made of. */
  arrivedOn: string | undefined;
  /** What the host found in the options of a received IPv4 packet. */
  ipOptions: ReceivedOptions | undefined;
  /** The packet comes from the host itself, over loopback or as a copy: nobody has verified its checksum. */
  cameBack = false;
  /**
   * The host's answer to an untracked packet on its way to conntrack: it is RELATED to no connection at all, which keeps
   * NOTRACK off it but tells conntrack nothing (nf_conntrack_attach).
   */
  attachedToNothing = false;
  /** Takes the place of what conntrack says, where it says something else. */
  assumedState: AssumedState | undefined;
  /** The pieces that the packet came in, where conntrack put it together: it leaves in the same pieces. */
  pieces: Pick<Reassembled, "pieces" | "largest" | "dontFragment"> | undefined;
  /** The same for IPv6, with the longest piece, which none that leaves exceeds. */
  cut: Cut | undefined;
  /** Something wanted the whole packet in one stretch of memory, which makes Linux forget how it was cut. */
  isLinear = false;
  /** The packet has to leave by this interface, unless it is routed again. */
  boundTo: string | undefined;
  private readonly events: (TraceEvent | Made)[] = [];
  private emitted: readonly EmittedFrame[] = nothing;
  /** The journey because of which the host made this packet. */
  private parent: Journey | undefined;
  private fate: Fate | undefined;
  private lastDecision: Decision = undecided;
  private decidedAt: Hook | undefined;
  private rejected = false;

  constructor(environment: Environment, packet: Packet, own = false) {
    this.environment = environment;
    this.own = own;
    this.idIsDrawn = own;
    this.context = {
      packet,
      hook: "PREROUTING",
      inDevice: undefined,
      outDevice: undefined,
      world: environment.world,
      backend: environment.backend,
      hotdrop: false,
    };
  }

  get packet(): Packet {
    return this.context.packet;
  }

  /** Shared with all that is made because of the packet. */
  get copies(): Copies {
    this.sharedCopies ??= { made: 0 };
    return this.sharedCopies;
  }

  set copies(copies: Copies) {
    this.sharedCopies = copies;
  }

  get nearMisses(): boolean {
    return this.environment.nearMisses;
  }

  /** Whether anybody will read events: where nobody does, whoever calls `note` may leave it. */
  get watched(): boolean {
    return this.environment.events;
  }

  note(event: TraceEvent): void {
    if (this.environment.events) this.events.push(event);
  }

  /**
   * Remembers who let the packet go on. The filter table is the one that people mean: once it has spoken, the other
   * tables' word does not replace its own.
   */
  decide(decision: Decision): void {
    if (isOfFilter(this.lastDecision) && !isOfFilter(decision)) return;
    this.lastDecision = decision;
    this.decidedAt = this.hook;
  }

  /** A REJECT answered: the drop that follows is called a rejection. */
  markRejected(): void {
    this.rejected = true;
  }

  traced({ table, chain, number }: RulePlace, what: "rule" | "return" | "policy"): void {
    if (!this.watched) return;
    const prefix = `TRACE: ${table}:${chain}:${what}:${number} `;
    this.note({ kind: "log", line: logLine({ ...traceLogging, prefix }, this.context) });
  }

  emit(device: string, frame: Uint8Array): void {
    const emitted = { device, frame, own: this.idIsDrawn };
    this.emitted = this.emitted.length === 0 ? [emitted] : [...this.emitted, emitted];
    for (let { parent } = this; parent; { parent } = parent) parent.emitted = [...parent.emitted, emitted];
    if (this.watched) this.note({ kind: "emitted", device, frame });
  }

  /** The host made a packet because of this one: what becomes of it belongs to this one's trace, whenever it happens. */
  answer(made: Journey): void {
    made.parent = this;
    if (this.watched) this.events.push({ kind: "made", journey: made });
  }

  /** The packet ends here, by `decision` or by whatever decided last. */
  end(outcome: Fate["outcome"], decision: Decision = this.lastDecision): void {
    if (this.fate) return;
    const verdict =
      outcome === "dropped" ? (this.rejected ? "REJECT" : "DROP") : outcome === "queued" ? "QUEUE" : "ACCEPT";
    const passed = outcome === "delivered" || outcome === "forwarded" || outcome === "sent";
    const hook = passed ? this.decidedAt : this.hook;
    this.fate = { verdict, outcome: this.rejected ? "rejected" : outcome, hook, decision };
  }

  drop(reason: string): void {
    this.note({ kind: "dropped", reason });
    this.end("dropped", { kind: "host", reason });
  }

  get ended(): boolean {
    return this.fate !== undefined;
  }

  trace(): Trace {
    const fate = this.fate ?? {
      verdict: "ACCEPT",
      outcome: "held",
      hook: this.hook,
      decision: this.lastDecision,
    };
    return {
      events: this.events.length === 0 ? nothing : this.events.map(asTraced),
      fate,
      emitted: this.emitted,
      assumptions: this.assumptions(),
    };
  }

  private assumptions(): readonly string[] {
    const { host, world } = this.environment;
    const ofHost = host.assumptions;
    return ofHost.length + world.assumptions.size === 0 ? nothing : [...ofHost, ...world.assumptions];
  }
}

const asTraced = (event: TraceEvent | Made): TraceEvent =>
  event.kind === "made" ? { kind: "answer", trace: event.journey.trace() } : event;

const isOfFilter = (decision: Decision): boolean => decision.kind !== "host" && decision.table === "filter";
