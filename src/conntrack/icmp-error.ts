import type { Direction, Zone } from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import { trustsChecksum } from "../packet/trusted-checksum.ts";
import type { Entry } from "./entry.ts";
import { protocol } from "./protocol-numbers.ts";
import type { Settings } from "./settings.ts";
import type { ConnectionTable } from "./table.ts";
import { invertTuple, readTuple } from "./tuple.ts";

/** What an ICMP message is before its tuple is looked up: `query` goes the usual way. */
export type IcmpKind =
  | { readonly kind: "query" }
  | { readonly kind: "untracked" }
  | { readonly kind: "invalid"; readonly reason: string }
  | {
      readonly kind: "related";
      readonly entry: Entry;
      readonly direction: Direction;
      readonly reason: string;
    };

const query: IcmpKind = { kind: "query" };
const invalid = (reason: string): IcmpKind => ({ kind: "invalid", reason });

/** Unreachable, source quench, redirect, time exceeded, parameter problem (icmp_is_err). */
const errors4: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
/** Types above are unknown to Linux (NR_ICMP_TYPES). */
const highestType4 = 18;

/** Multicast listener, neighbour and multicast router discovery messages (noct_valid_new, nf_conntrack_proto_icmpv6.c). */
const untracked6: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 135, 136, 143, 151, 152]);
const redirect6 = 137;

interface IcmpQuestion {
  readonly packet: Packet;
  readonly hook: Hook;
  readonly transportOffset: number;
  readonly zone: Zone;
  readonly settings: Settings;
  readonly table: ConnectionTable;
}

/** Sorts an ICMP message in its own family (nf_conntrack_handle_icmp); another family's ICMP is a query here. */
export function classifyIcmp(question: IcmpQuestion, number: number): IcmpKind {
  const { packet, hook, transportOffset, settings } = question;
  const { bytes, family } = packet;
  const isOwn = number === (family === "ipv4" ? protocol.icmp : protocol.icmpv6);
  if (!isOwn) return query;
  if (bytes.length - transportOffset < 8) return invalid("the ICMP header is cut short");
  if (hook === "PREROUTING" && settings.checksum && !trustsChecksum(packet, hook)) {
    return invalid("the ICMP checksum is wrong");
  }
  const type = bytes[transportOffset]!;
  if (family === "ipv4") {
    if (type > highestType4) return invalid(`ICMP type ${type} is unknown to Linux`);
    return errors4.has(type) ? findQuoted(question, transportOffset + 8) : query;
  }
  if (untracked6.has(type)) return { kind: "untracked" };
  if (type === redirect6) return findRedirected(question);
  return type >= 128 ? query : findQuoted(question, transportOffset + 8);
}

/** An ICMP error belongs to the connection of the packet that it quotes (nf_conntrack_inet_error). */
function findQuoted(question: IcmpQuestion, offset: number): IcmpKind {
  const { packet, zone, table } = question;
  const quoted = readTuple(packet.bytes, offset, packet.family, zone.original)?.tuple;
  if (!quoted) return invalid("the ICMP error quotes too little of a packet to tell its connection");
  const inverse = invertTuple(quoted);
  const found = inverse && table.find(inverse, zone);
  if (!found) return invalid("the ICMP error quotes a packet of no known connection");
  const { entry, direction } = found;
  if (entry[direction].destination !== packet.destination) {
    return invalid("the ICMP error does not go to the sender of the packet that it quotes");
  }
  return {
    kind: "related",
    entry,
    direction,
    reason: "an ICMP error that quotes a packet of this connection",
  };
}

/** A redirect quotes its packet in an option (RFC 4861, 4.6.3; nf_conntrack_icmpv6_redirect). */
function findRedirected(question: IcmpQuestion): IcmpKind {
  const { bytes } = question.packet;
  const redirectedHeader = 4;
  let at = question.transportOffset + 40;
  if (bytes[7] !== 255) return invalid("an ICMPv6 redirect that was forwarded");
  while (at + 8 <= bytes.length) {
    const length = bytes[at + 1]! * 8;
    if (length === 0) break;
    if (bytes[at] === redirectedHeader) return findQuoted(question, at + 8);
    at += length;
  }
  return invalid("an ICMPv6 redirect that quotes no packet");
}
