import { printAddress } from "../packet/address.ts";
import { connectionStatus, type Direction, type Tuple, type Zone } from "../packet/connection.ts";
import type { Entry } from "./entry.ts";
import { protocol } from "./protocol-numbers.ts";

/** DCCP, of which conntrack(8) knows more than Linux 6.18: it prints ports, and all are 0. */
const dccp = 33;

/** Names that libnetfilter_conntrack knows; other protocols are "unknown" with their number. */
const names: ReadonlyMap<number, string> = new Map([
  [protocol.icmp, "icmp"],
  [protocol.tcp, "tcp"],
  [protocol.udp, "udp"],
  [dccp, "dccp"],
  [protocol.gre, "gre"],
  [protocol.icmpv6, "icmpv6"],
  [protocol.sctp, "sctp"],
  [protocol.udplite, "udplite"],
]);

/** Time that the clock's own resolution as a floating-point number may take away. */
const clockError = 1e-5;

/** One line of `conntrack -L`, blanks collapsed and without `use=`. */
export function printEntry(entry: Entry, now: number): string {
  const number = entry.original.protocol;
  const left = Math.max(0, Math.floor(entry.expires - now + clockError));
  const state = entry.tcp?.state ?? entry.sctp?.state;
  const { zone, helper } = entry;
  return [
    `${names.get(number) ?? "unknown"} ${number} ${left}`,
    ...(state ? [state] : []),
    printDirection(entry, "original"),
    ...(entry.has(connectionStatus.seenReply) ? [] : ["[UNREPLIED]"]),
    printDirection(entry, "reply"),
    ...(entry.has(connectionStatus.assured) ? ["[ASSURED]"] : []),
    `mark=${entry.mark}`,
    ...(zone.id !== 0 && zone.original === zone.reply ? [`zone=${zone.id}`] : []),
    ...(helper === undefined ? [] : [`helper=${helper}`]),
  ].join(" ");
}

function printDirection(entry: Entry, direction: Direction): string {
  const counters = entry.counters?.[direction];
  const counted = counters ? ` packets=${counters.packets} bytes=${counters.bytes}` : "";
  return printTuple(entry[direction]) + printZone(entry.zone, direction) + counted;
}

/** A zone that is for one direction only stands with that direction. */
function printZone({ id, original, reply }: Zone, direction: Direction): string {
  if (original === reply || (direction === "original" ? original : reply) === 0) return "";
  return direction === "original" ? ` zone-orig=${id}` : ` zone-reply=${id}`;
}

function printTuple(tuple: Tuple): string {
  const addresses = `src=${printAddress(tuple.source)} dst=${printAddress(tuple.destination)}`;
  switch (tuple.protocol) {
    case protocol.icmp:
    case protocol.icmpv6:
      return `${addresses} type=${tuple.icmpType} code=${tuple.icmpCode} id=${tuple.sourcePort}`;
    case protocol.tcp:
    case protocol.udp:
    case protocol.udplite:
    case protocol.sctp:
    case dccp:
      return `${addresses} sport=${tuple.sourcePort} dport=${tuple.destinationPort}`;
    case protocol.gre:
      return `${addresses} srckey=0x${tuple.sourcePort.toString(16)} dstkey=0x${tuple.destinationPort.toString(16)}`;
    default:
      return addresses;
  }
}
