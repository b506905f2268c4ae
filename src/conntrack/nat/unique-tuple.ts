import type { NatRange } from "../../extensions/effect.ts";
import { connectionStatus, sameFlow, type Tuple } from "../../packet/connection.ts";
import type { NatManip } from "../conntrack.ts";
import type { Entry } from "../entry.ts";
import { protocol } from "../protocol-numbers.ts";
import type { ConnectionTable } from "../table.ts";
import { invertTuple, sameTuple } from "../tuple.ts";
import { chooseAddress } from "./choose-address.ts";

const translated =
  connectionStatus.sourceNat | connectionStatus.destinationNat | connectionStatus.sequenceAdjust;

/** What the choice of a mapping rests on. */
export interface Choice {
  readonly entry: Entry;
  readonly manip: NatManip;
  readonly range: NatRange;
  readonly table: ConnectionTable;
  /** In [0, 1). */
  readonly random: () => number;
  /** Asked before a port is drawn, see `ConntrackOptions`. */
  readonly drawnPort: DrawnPort | undefined;
}

/** The port (or ICMP id) that another run drew for the connection with this original tuple; `undefined` where that is not known. */
export type DrawnPort = (original: Tuple, manip: NatManip | "expected") => number | undefined;

/** Tries of one round, and the number of last tries that may evict a closing connection (nf_nat_core.c). */
const mostTries = 128;
const evictingTries = mostTries / 4;

/**
 * The tuple that the connection's packets shall have behind this manip: within the range, and with answers that are no
 * other connection's (get_unique_tuple). It may fail to be unique; confirm finds that out.
 */
export function uniqueTuple(current: Tuple, choice: Choice): Tuple {
  const { entry, manip, range, table } = choice;
  const anyPort = range.random || range.randomFully;
  if (manip === "source" && !anyPort) {
    if (isInRange(current, range)) {
      if (!isTaken(current, entry, table) || meetsItself(current, entry, table)) return current;
    } else {
      const mapped = existingMapping(current, choice);
      if (mapped && !isTaken(mapped, entry, table)) return mapped;
    }
  }
  const tuple = range.addresses
    ? chooseAddress(current, manip, range.addresses, {
        persistent: range.persistent ?? false,
        zone: entry.zone.id,
      })
    : current;
  if (!anyPort) {
    if (range.ports) {
      const [low, high] = range.ports;
      const fits = range.basePort === undefined && isPortInRange(tuple, manip, range);
      // a single port is taken without asking
      if (fits && (low === high || !isTaken(tuple, entry, table))) return tuple;
    } else if (!isTaken(tuple, entry, table)) return tuple;
  }
  return drawPort(tuple, choice);
}

/** Whether another connection's packets have the tuple that answers to this one would have (nf_nat_used_tuple). */
function isTaken(tuple: Tuple, entry: Entry, table: ConnectionTable): boolean {
  const reply = invertTuple(tuple);
  const found = reply && table.findRival("reply", reply, entry.zone);
  if (!found || found.entry === entry) return false;
  // the same packet twice at the same time: confirm sorts it out
  return !sameTuple(found.entry.original, entry.original);
}

/**
 * Of UDP, where neither is translated, a connection that begins where this one ends does not make its port change: two
 * packets of one connection are taken to have met, and confirm drops this one (nf_nat_used_tuple_new).
 */
function meetsItself(tuple: Tuple, entry: Entry, table: ConnectionTable): boolean {
  if (tuple.protocol !== protocol.udp) return false;
  const inverse = invertTuple(tuple);
  const found = table.find(tuple, entry.zone) ?? (inverse && table.find(inverse, entry.zone));
  if (!found || (found.entry.status & translated) !== 0) return false;
  const { original, reply } = found.entry;
  return sameTuple(original, entry.reply) && sameFlow(reply, entry.original);
}

/** A client that has a mapping within the range keeps it for its other connections (find_appropriate_src). */
function existingMapping(tuple: Tuple, { entry, range, table }: Choice): Tuple | undefined {
  for (const other of table.fromSource({ ...tuple, zone: entry.original.zone })) {
    const mapped = invertTuple(other.reply);
    if (!mapped) continue;
    const result = { ...tuple, source: mapped.source, sourcePort: mapped.sourcePort };
    if (isInRange(result, range)) return keepsIcmpId(result);
  }
  return undefined;
}

const isIcmp = (tuple: Tuple): boolean =>
  tuple.protocol === protocol.icmp || tuple.protocol === protocol.icmpv6;

/** An ICMP id stands in both port fields. */
const keepsIcmpId = (tuple: Tuple): Tuple =>
  isIcmp(tuple) ? { ...tuple, destinationPort: tuple.sourcePort } : tuple;

function isInRange(tuple: Tuple, range: NatRange): boolean {
  if (range.addresses) {
    const [low, high] = range.addresses;
    if (tuple.source < low || tuple.source > high) return false;
  }
  return !range.ports || isPortInRange(tuple, "source", range);
}

const withPorts: ReadonlySet<number> = new Set([
  protocol.tcp,
  protocol.udp,
  protocol.udplite,
  protocol.sctp,
  protocol.gre,
]);

function isPortInRange(tuple: Tuple, manip: NatManip, range: NatRange): boolean {
  if (!range.ports) return true;
  const [low, high] = range.ports;
  const within = (port: number) => port >= low && port <= high;
  if (isIcmp(tuple)) return within(tuple.sourcePort);
  if (!withPorts.has(tuple.protocol)) return true;
  return within(manip === "source" ? tuple.sourcePort : tuple.destinationPort);
}

interface PortRange {
  readonly low: number;
  readonly size: number;
}

/** Where a new port may come from; `undefined` where it has to stay (nf_nat_l4proto_unique_tuple). */
function portRange(tuple: Tuple, { manip, range }: Choice): PortRange | undefined {
  if (isIcmp(tuple)) {
    if (!range.ports) return { low: 0, size: 65536 };
    return { low: range.ports[0], size: range.ports[1] - range.ports[0] + 1 };
  }
  // GRE keys belong to PPTP, whose helper is not modelled
  if (tuple.protocol === protocol.gre || !withPorts.has(tuple.protocol)) return undefined;
  if (range.ports) {
    const low = Math.min(...range.ports);
    return { low, size: Math.max(...range.ports) - low + 1 };
  }
  if (manip === "destination") return undefined;
  // privileged ports stay privileged, and those below 512 stay there
  if (tuple.sourcePort < 512) return { low: 1, size: 511 };
  if (tuple.sourcePort < 1024) return { low: 600, size: 424 };
  return { low: 1024, size: 64512 };
}

function drawPort(tuple: Tuple, choice: Choice): Tuple {
  const { manip, range, random } = choice;
  const ports = portRange(tuple, choice);
  if (!ports) return tuple;
  const change = (port: number): Tuple => {
    if (isIcmp(tuple)) return { ...tuple, sourcePort: port, destinationPort: port };
    return manip === "source" ? { ...tuple, sourcePort: port } : { ...tuple, destinationPort: port };
  };
  const told = choice.drawnPort?.(choice.entry.original, manip);
  if (told !== undefined && told >= ports.low && told < ports.low + ports.size) {
    const tuple = change(told);
    if (!isTaken(tuple, choice.entry, choice.table)) return tuple;
  }
  const draw = () => Math.floor(random() * 65536);
  const current = manip === "source" || isIcmp(tuple) ? tuple.sourcePort : tuple.destinationPort;
  let offset = 0;
  if (range.basePort !== undefined) offset = (current - range.basePort) & 0xffff;
  else if (range.random || range.randomFully || manip === "source") offset = draw();
  let last = tuple;
  for (let tries = Math.min(ports.size, mostTries); ; tries = Math.floor(tries / 2), offset = draw()) {
    for (let i = 0; i < tries; i++, offset = (offset + 1) & 0xffff) {
      last = change((ports.low + (offset % ports.size)) & 0xffff);
      if (!isTakenForGood(last, choice, tries - i)) return last;
    }
    if (tries >= ports.size || tries < 16) return last;
  }
}

/** In its last tries a new TCP connection evicts a closed one whose sequence numbers it has passed (nf_nat_used_tuple_harder). */
function isTakenForGood(tuple: Tuple, { entry, table }: Choice, triesLeft: number): boolean {
  if (triesLeft > evictingTries || entry.tcp?.state !== "SYN_SENT") return isTaken(tuple, entry, table);
  const reply = invertTuple(tuple);
  const found = reply && table.find(reply, entry.zone);
  if (!found) return false;
  const other = found.entry;
  const isOver = other.tcp?.state === "TIME_WAIT" || other.tcp?.state === "CLOSE";
  if (found.direction === "original" || !isOver || !other.has(connectionStatus.sourceNat)) return true;
  const advanced = ((entry.tcp.side("original").end - other.tcp!.side("original").end) | 0) > 0;
  if (!advanced) return true;
  table.remove(other);
  return false;
}
