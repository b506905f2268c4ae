import type { Analysis, Path, Region } from "../../../src/analyse/analysis.ts";
import type { PacketSet } from "../../../src/analyse/packet-space.ts";
import type { Fate, Trace, TraceEvent } from "../../../src/evaluate/trace.ts";
import { equals } from "../../../src/formula/formula.ts";
import { printAddress } from "../../../src/packet/address.ts";
import { connectionStatus, ctstates } from "../../../src/packet/connection.ts";
import { type Field, fields } from "../../../src/packet/fields.ts";
import { finalFields } from "./final-fields.ts";
import { type Answered, onlyPacket, type Sighting } from "./one-packet.ts";
import type { Snapshot } from "./snapshot.ts";

/** A packet that the machine ran: what it was, and what became of it. */
export interface Run {
  readonly trace: Trace;
  readonly entering: Snapshot | undefined;
  readonly tracked: Snapshot | undefined;
  readonly opaque: readonly Answered[];
}

/**
 * What came of holding the sets to one run: contradictions, or why the sets say nothing of such a packet.
 */
export interface Holding {
  readonly contradictions: readonly string[];
  readonly beyond?: string;
}

const beyond = (why: string): Holding => ({ contradictions: [], beyond: why });

/** The path that the packet took; `undefined` where it took more than one, or ended before the first decision. */
export function pathOf({ events }: Trace): Path | undefined {
  const hooks = hooksOf(events).map(({ hook }) => hook);
  if (hooks.filter((hook) => hook === "PREROUTING" || hook === "OUTPUT").length > 1) return undefined;
  if (hooks.includes("OUTPUT")) return "OUTPUT";
  if (hooks.includes("FORWARD")) return "FORWARD";
  if (hooks.includes("INPUT")) return "INPUT";
  return undefined;
}

type HookEvent = Extract<TraceEvent, { kind: "hook" }>;

const hooksOf = (events: readonly TraceEvent[]): readonly HookEvent[] =>
  events.filter((event): event is HookEvent => event.kind === "hook");

/** Holds one analysis to what the machine did with one packet. */
export function holdSets(analysis: Analysis, run: Run, asked: ReadonlySet<Field>): Holding {
  const { trace, entering } = run;
  const { fate } = trace;
  if (fate.decision.kind === "host" && /hotdrop/.test(fate.decision.reason)) {
    // a memory that is full or has nothing to count, e.g. connlimit's
    return beyond("a match found it malformed");
  }
  if (entering === undefined) return beyond("it ended before the first rule");
  if (fate.outcome === "held") return beyond("it is held");
  if (entering.get(fields.protocol) === -1) return beyond("its headers lead to no protocol");
  const hooks = hooksOf(trace.events);
  const looped = pathOf(trace) === undefined && hooks.length > 1;
  if (looped) return beyond("it comes back over lo");
  const known = pathOf(trace);
  const { space } = analysis;
  const family = space.family;
  const paths: readonly Path[] = known ? [known] : ["INPUT", "FORWARD"];
  const devices = devicesOf(hooks);
  if (devices === undefined) return beyond("it was routed again, to another interface");
  for (const path of paths) {
    const outDevice =
      path === "FORWARD" ? (devices.out ?? "eth0") : path === "INPUT" ? undefined : devices.out;
    const { tracked, opaque } = run;
    const sighting: Sighting = { family, entering, tracked, opaque, inDevice: devices.in, outDevice };
    const whole = onlyPacket(space, sighting, asked);
    if (whole === 0) return { contradictions: ["the sets hold no packet with these fields"] };
    const point = space.and(whole, space.domain(path));
    if (point === 0) return beyond("it is not well-formed");
    const isNowhere = analysis.path(path, point).regions.every(({ packets }) => packets === 0);
    if (isNowhere && isRepeated(run))
      return beyond("its connection's first packet looked otherwise, and was translated otherwise");
    const isMadeUp = isAssumed(trace) && tracked?.get(fields.ctstate) === ctstates.UNTRACKED;
    if (isMadeUp || (isNowhere && isAssumed(trace)))
      return beyond("no packet like it has the state that was assumed");
    const contradictions = [
      ...fateContradictions(analysis, path, point, trace),
      ...rulesContradictions(analysis, point, trace),
    ];
    if (contradictions.length > 0)
      return { contradictions: contradictions.map((text) => `${path}: ${text}`) };
  }
  return { contradictions: [] };
}

const isAssumed = ({ assumptions }: Trace): boolean =>
  assumptions.some((text) => text.startsWith("the packet's state is"));

/** A NEW packet behind the first one of a connection that was translated. */
function isRepeated({ tracked }: Run): boolean {
  const status = Number(tracked?.get(fields.ctstatus) ?? 0);
  const isNew = (Number(tracked?.get(fields.ctstate) ?? 0) & ctstates.NEW) !== 0;
  const { confirmed, sourceNat, destinationNat } = connectionStatus;
  return isNew && (status & confirmed) !== 0 && (status & (sourceNat | destinationNat)) !== 0;
}

function devicesOf(
  hooks: readonly HookEvent[],
): { in: string | undefined; out: string | undefined } | undefined {
  const outs = new Set(hooks.flatMap(({ outDevice }) => outDevice ?? []));
  if (outs.size > 1) return undefined;
  return { in: hooks[0]?.inDevice, out: [...outs][0] };
}

/** Routing, a TTL that ends, conntrack: no rule's word. So is a NAT that finds no address or port to give. */
export const isHostsWord = ({ verdict, decision }: Fate): boolean =>
  verdict !== "ACCEPT" && (decision.kind === "host" || decision.table === "nat");

/** A text that regions and fates share: what happened, and who decided. */
export const machinesWord = ({ verdict, decision }: Fate, path: Path): string => {
  switch (decision.kind) {
    case "rule":
      return `${verdict} by ${decision.table}/${decision.chain}:${decision.number}`;
    case "policy":
      return `${verdict} by ${decision.table}/${decision.chain}:policy`;
    case "host":
      return `${verdict} by filter/${path}:policy`;
  }
};

export const regionsWord = ({ outcome, by }: Region): string =>
  `${outcome} by ${by.table}/${by.chain}:${"number" in by ? by.number : "policy"}`;

function fateContradictions(
  analysis: Analysis,
  path: Path,
  point: PacketSet,
  trace: Trace,
): readonly string[] {
  const { space } = analysis;
  const { fate } = trace;
  const parts = analysis
    .path(path, point)
    .regions.map((region) => ({ region, set: space.and(point, region.packets) }))
    .filter(({ set }) => set !== 0);
  for (const [index, { region, set }] of parts.entries()) {
    for (const other of parts.slice(index + 1)) {
      if (!space.disjoint(set, other.set))
        return [`${regionsWord(region)} and ${regionsWord(other.region)} overlap`];
    }
  }
  // what routing, TTL and conntrack do to a packet between the hooks is no rule's word
  if (isHostsWord(fate)) return [];
  const word = machinesWord(fate, path);
  const alike = parts.filter(({ region }) => regionsWord(region) === word);
  const told = `the machine says ${word}; the sets: ${parts.map(({ region }) => regionsWord(region)).join(", ")}`;
  if (alike.length === 0) return [told];
  if (fate.verdict !== "ACCEPT") return [];
  const final = finalFields(trace, space.family);
  const isTranslated = trace.events.some(({ kind }) => kind === "nat");
  const fits = alike.some(({ region, set }) => {
    let rest = set;
    for (const [field, value] of final) {
      // a connection that stands in the way takes the port, and NAT draws another one
      if (isPort(field) && isTranslated && !region.view.values.has(field)) continue;
      rest = space.and(rest, space.set(equals(field, value), region.view));
    }
    return rest !== 0;
  });
  const values = [...final].map(
    ([field, value]) => `${field.name} ${field.show === "address" ? printAddress(value) : value}`,
  );
  const shown = alike.map(({ region }) => region.rewrites.join(", ")).join(" or ");
  return fits
    ? []
    : [`the machine makes it ${values.join(", ")}; the sets say ${shown === "" ? "unchanged" : shown}`];
}

const isPort = (field: Field): boolean => field === fields.sourcePort || field === fields.destinationPort;

function rulesContradictions(analysis: Analysis, point: PacketSet, trace: Trace): readonly string[] {
  const met = new Set<string>();
  for (const event of trace.events) {
    if (event.kind === "rule") met.add(`${event.table}/${event.chain}:${event.number}`);
  }
  // where the host itself ended the packet, later rules did not see it
  const early = isHostsWord(trace.fate);
  const contradictions: string[] = [];
  for (const rule of analysis.rules()) {
    const place = `${rule.table}/${rule.chain}:${rule.number}`;
    const matched = rule.matchedOf(point);
    if (met.has(place) && matched === 0) contradictions.push(`${place} matched, and the sets say never`);
    if (!met.has(place) && !early && matched === point)
      contradictions.push(`${place} did not match, and the sets say always`);
  }
  return contradictions;
}
