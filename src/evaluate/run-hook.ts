import type { NatManip } from "../conntrack/conntrack.ts";
import type { TableName } from "../extensions/extension.ts";
import { stepsAtHook } from "../model/hooks.ts";
import { connectionStatus, type Tracking } from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import { assumedTracking } from "./assumed-tracking.ts";
import type { Journey } from "./journey.ts";
import { perform } from "./perform.ts";
import { walk } from "./walk.ts";

/** Where the packet goes on, or that it ended. */
type HookEnd = "accept" | "ended";

const notRerouted = (): HookEnd => "accept";

/**
 * Runs all that is registered at a hook on the journey's packet: tables, conntrack, NAT, confirm, by priority.
 * `rerouted` is called where Linux looks the route of a local packet up again.
 */
export function runHook(
  journey: Journey,
  hook: Hook,
  inDevice: string | undefined,
  outDevice: string | undefined,
  reroute: () => HookEnd = notRerouted,
): HookEnd {
  const { context, environment } = journey;
  context.hook = hook;
  context.inDevice = inDevice;
  context.outDevice = outDevice;
  journey.hook = hook;
  if (journey.watched) journey.note({ kind: "hook", hook, inDevice, outDevice });
  for (const step of stepsAtHook[environment.backend][hook]) {
    const end = runStep(journey, hook, step, reroute);
    if (end === "ended") return "ended";
  }
  return "accept";
}

function runStep(
  journey: Journey,
  hook: Hook,
  step: TableName | "conntrack" | "confirm",
  reroute: () => HookEnd,
): HookEnd {
  switch (step) {
    case "conntrack":
      return track(journey, hook);
    case "confirm":
      return confirm(journey);
    case "nat":
      return runNat(journey, hook, reroute);
    case "mangle":
      return hook === "OUTPUT" ? mangleOutput(journey, reroute) : runTable(journey, "mangle", hook);
    default:
      return runTable(journey, step, hook);
  }
}

function runTable(journey: Journey, table: TableName, hook: Hook): HookEnd {
  const { environment, context } = journey;
  const chain = environment.tables.get(table)?.chain(hook);
  if (!chain) return "accept";
  if (journey.watched) journey.note({ kind: "table", table, hook });
  context.hotdrop = false;
  const { backlog } = environment;
  const isHeld = environment.backend === "legacy";
  if (isHeld) backlog.hold();
  const end = walk(chain, context, perform, journey, journey.watched ? journey : undefined);
  if (isHeld) backlog.release();
  journey.decide(end.decision);
  if (end.verdict === "accept") return "accept";
  if (end.verdict === "queue") journey.end("queued", end.decision);
  else {
    if (end.decision.kind === "host") journey.note({ kind: "dropped", reason: end.decision.reason });
    journey.end("dropped", end.decision);
  }
  return "ended";
}

/**
 * A packet whose addresses, mark or TOS the table changed is routed again; in IPv6 the hop limit and the flow label count,
 * too (ipt_mangle_out, iptable_mangle.c; ip6t_mangle_out, ip6table_mangle.c).
 */
function mangleOutput(journey: Journey, reroute: () => HookEnd): HookEnd {
  if (!journey.environment.tables.has("mangle")) return "accept";
  const before = routingKey(journey.packet);
  if (runTable(journey, "mangle", "OUTPUT") === "ended") return "ended";
  return routingKey(journey.packet) === before ? "accept" : reroute();
}

function routingKey({ source, destination, mark, family, bytes }: Packet): string {
  const rest = family === "ipv4" ? bytes[1] : `${bytes.subarray(0, 4).join(" ")} ${bytes[7]}`;
  return `${source} ${destination} ${mark} ${rest}`;
}

function track(journey: Journey, hook: Hook): HookEnd {
  const { environment, packet } = journey;
  const { conntrack } = environment;
  if (!conntrack) return "accept";
  const verdict = conntrack.track(packet, hook);
  journey.attachedToNothing = false;
  const { assumedState } = journey;
  if (assumedState && stateName(packet.tracking) !== assumedState) {
    packet.tracking = assumedTracking(packet, assumedState);
    environment.world.assume(
      `the packet's state is ${assumedState}: no entry of a connection stands behind it`,
    );
  }
  const { tracking } = packet;
  if (tracking && journey.watched) {
    const state = stateName(tracking);
    const entry = tracking.kind === "tracked" ? conntrack.describe(tracking.connection) : undefined;
    const reason = "reason" in tracking ? tracking.reason : "a rule in raw (or the packet's kind) exempts it";
    journey.note({ kind: "conntrack", hook, state, reason, entry });
  }
  if (verdict === "ACCEPT") return "accept";
  journey.drop("conntrack drops the packet");
  return "ended";
}

const stateName = (tracking: Tracking | undefined): string =>
  tracking?.kind === "tracked" ? tracking.state : (tracking?.kind ?? "invalid").toUpperCase();

function confirm(journey: Journey): HookEnd {
  const { environment, packet } = journey;
  const { conntrack } = environment;
  const { tracking } = packet;
  if (!conntrack || tracking?.kind !== "tracked") return "accept";
  const before = journey.watched ? packet.bytes.slice() : packet.bytes;
  const looped = journey.hook === "INPUT" && journey.context.inDevice === "lo";
  const refusal = conntrack.help(packet, looped);
  if (refusal !== undefined) {
    journey.drop(refusal);
    return "ended";
  }
  if (journey.watched && differs(before, packet.bytes))
    journey.note({ kind: "helper", before, after: packet.bytes.slice() });
  const { connection } = tracking;
  const isNew = (connection.status & connectionStatus.confirmed) === 0;
  if (conntrack.confirm(packet) === "DROP") {
    journey.drop("the connection's entry clashes with one that is in the table already");
    return "ended";
  }
  if (journey.watched && isNew && (connection.status & connectionStatus.confirmed) !== 0) {
    journey.note({ kind: "confirm", entry: conntrack.describe(connection) });
  }
  return "accept";
}

/** Source NAT happens where a packet leaves the rules for the wire or for a local socket (HOOK2MANIP). */
const manipAt = (hook: Hook): NatManip =>
  hook === "POSTROUTING" || hook === "INPUT" ? "source" : "destination";

/** nf_nat_inet_fn (nf_nat_core.c): the first packet asks the table, every packet is rewritten as its connection says. */
function runNat(journey: Journey, hook: Hook, reroute: () => HookEnd): HookEnd {
  const { environment, packet } = journey;
  const { conntrack, tables } = environment;
  if (!conntrack || !tables.has("nat") || packet.tracking?.kind !== "tracked") return "accept";
  const manip = manipAt(hook);
  if (conntrack.needsNat(packet, manip)) {
    if (runTable(journey, "nat", hook) === "ended") return "ended";
    if (conntrack.needsNat(packet, manip) && conntrack.bindNat(packet, manip, {}) === "DROP") {
      journey.drop("no free port is left for the connection's reply tuple");
      return "ended";
    }
  }
  const before = journey.watched ? packet.bytes.slice() : packet.bytes;
  const destination = packet.destination;
  if (conntrack.translate(packet, hook, journey.context.outDevice) === "DROP") {
    journey.drop(
      "NAT could not rewrite the packet, or it leaves by another interface than it was masqueraded for",
    );
    return "ended";
  }
  if (journey.watched && differs(before, packet.bytes))
    journey.note({ kind: "nat", hook, manip, before, after: packet.bytes.slice() });
  if (packet.destination === destination) return "accept";
  // nf_nat_ipv4_pre_routing, nf_nat_ipv6_in: what mangle does to the address of a packet that comes back is no reason
  if (hook === "PREROUTING") journey.route = undefined;
  return hook === "OUTPUT" ? reroute() : "accept";
}

const differs = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length !== b.length || a.some((byte, i) => byte !== b[i]);
