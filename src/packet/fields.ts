import type { Address, Family } from "./address.ts";
import { connectionStatus, ctstates, type Tuple } from "./connection.ts";
import type { Context } from "./context.ts";

/**
 * A number that a packet at a hook has: what formulas are made of. `read` gives -1 where the packet has no such field
 * (no transport header, no conntrack entry); a range or mask never holds then.
 */
export interface Field {
  readonly name: string;
  /** Width of the field's domain, 1 to 128; fields of up to 53 bits are numbers, wider ones bigints. */
  readonly bits: number;
  /** How values are shown to a person. */
  readonly show: "decimal" | "hex" | "address" | "mac" | "tcp-flags" | "ctstate" | "time";
  read(context: Context): Address;
}

const tcpMss = (c: Context): number => {
  const { packet } = c;
  const end = (packet.matchedByte(12) >> 4) * 4;
  for (let at = 20; at < end; ) {
    const kind = packet.matchedByte(at);
    const length = packet.matchedByte(at + 1);
    if (kind === 2 && length === 4 && end - at >= 4) return packet.matchedWord(at + 2);
    at += kind < 2 || at === end - 1 ? 1 : Math.max(1, length);
  }
  return -1;
};

const transportLong =
  (index: number) =>
  ({ packet }: Context): number => {
    const low = packet.matchedWord(index + 2);
    return low < 0 ? -1 : packet.matchedWord(index) * 65536 + low;
  };

const field = (
  name: string,
  bits: number,
  read: (context: Context) => Address,
  show: Field["show"] = "decimal",
): Field => ({ name, bits, show, read });

const transportByte = (index: number) => (c: Context) => c.packet.matchedByte(index);
const transportWord = (index: number) => (c: Context) => c.packet.matchedWord(index);

/** Reads a field of the conntrack entry's tuple of one direction. */
const ofTuple =
  (direction: "original" | "reply", read: (tuple: Tuple) => Address) =>
  (c: Context): Address => {
    const tracking = c.packet.tracking;
    return tracking?.kind === "tracked" ? read(tracking.connection[direction]) : -1;
  };

function ctstate({ packet }: Context): number {
  const tracking = packet.tracking;
  if (tracking === undefined || tracking.kind === "invalid") return ctstates.INVALID;
  if (tracking.kind === "untracked") return ctstates.UNTRACKED;
  const { status } = tracking.connection;
  return (
    ctstates[tracking.state] |
    (status & connectionStatus.sourceNat ? ctstates.SNAT : 0) |
    (status & connectionStatus.destinationNat ? ctstates.DNAT : 0)
  );
}

/** A tuple's 16 bits of destination port; ICMP has its type and code there (union nf_conntrack_man_proto). */
const destinationWord = (t: Tuple): number =>
  t.protocol === 1 || t.protocol === 58 ? t.icmpType * 256 + t.icmpCode : t.destinationPort;

const packetTypes = { unicast: 0, broadcast: 1, multicast: 2, otherhost: 3 } as const;

function packetType({ packet }: Context): number {
  if (packet.packetType !== "loopback") return packetTypes[packet.packetType];
  // xt_pkttype: a copy of the host's own group packet tells by its destination what it was
  const first = packet.bytes[packet.family === "ipv4" ? 16 : 24]!;
  const multicast = packet.family === "ipv4" ? first >>> 4 === 14 : first === 0xff;
  return multicast ? packetTypes.multicast : packetTypes.broadcast;
}

function macSource({ packet, hook }: Context): number {
  const header = packet.ethernetHeader;
  // xt_mac: only a packet that came in over Ethernet has one, and it keeps it up to FORWARD
  if (header === undefined || hook === "OUTPUT" || hook === "POSTROUTING") return -1;
  let value = 0;
  for (let i = 6; i < 12; i++) value = value * 256 + header[i]!;
  return value;
}

/** The day's second, week and month of the packet's time in UTC or in the host's zone (xt_time). */
const clock = (local: boolean, read: (time: Date, seconds: number) => number) => (c: Context) => {
  const seconds = Math.floor(c.world.now) + (local ? c.world.timeZoneMinutes * 60 : 0);
  return read(new Date(seconds * 1000), seconds);
};
const clockFields = (local: boolean, prefix: string) => ({
  secondOfDay: field(
    `${prefix}time of day`,
    17,
    clock(local, (_, s) => ((s % 86400) + 86400) % 86400),
    "time",
  ),
  /** 1 is Monday, 7 Sunday. */
  weekday: field(
    `${prefix}weekday`,
    3,
    clock(local, (t) => t.getUTCDay() || 7),
  ),
  monthday: field(
    `${prefix}day of month`,
    5,
    clock(local, (t) => t.getUTCDate()),
  ),
  /** The day of the month one day before: `-m time --contiguous` asks for it. */
  previousMonthday: field(
    `${prefix}day of month before`,
    5,
    clock(local, (t) => new Date(t.getTime() - 86_400_000).getUTCDate()),
  ),
});

/** Every field that a formula may name. */
export const fields = {
  source4: field("source address", 32, (c) => c.packet.source, "address"),
  source6: field("source address", 128, (c) => c.packet.source, "address"),
  destination4: field("destination address", 32, (c) => c.packet.destination, "address"),
  destination6: field("destination address", 128, (c) => c.packet.destination, "address"),
  protocol: field("protocol", 8, (c) => c.packet.ruleProtocol(c.backend === "nft")),
  length: field("length", 16, (c) => c.packet.length),
  fragmentOffset: field("fragment offset", 13, (c) => c.packet.fragmentOffset),
  /** IPv4's TOS or IPv6's traffic class. */
  tos: field(
    "TOS",
    8,
    ({ packet: { bytes, family } }) =>
      family === "ipv4" ? bytes[1]! : ((bytes[0]! & 15) << 4) | (bytes[1]! >> 4),
    "hex",
  ),
  /** IPv4's TTL or IPv6's hop limit. */
  ttl: field("TTL", 8, ({ packet: { bytes, family } }) => bytes[family === "ipv4" ? 8 : 7]!),
  /** Bytes that there are from the transport header on: what `hotdrop` conditions ask. */
  transportLength: field("transport length", 16, (c) => Math.max(0, c.packet.matchedLength)),
  sourcePort: field("source port", 16, transportWord(0)),
  destinationPort: field("destination port", 16, transportWord(2)),
  /** Byte 12 of the TCP header, upper half: header length in 32-bit words. */
  tcpDataOffset: field("TCP data offset", 4, (c) => {
    const byte = c.packet.matchedByte(12);
    return byte < 0 ? -1 : byte >> 4;
  }),
  /** The maximum segment size that the TCP options announce; -1 where they do not (xt_tcpmss). */
  tcpMss: field("TCP MSS", 16, tcpMss),
  /** Security parameters indices: the first word of ESP, the second one of AH (RFC 4303, RFC 4302). */
  espSpi: field("ESP SPI", 32, transportLong(0), "hex"),
  ahSpi: field("AH SPI", 32, transportLong(4), "hex"),
  /** The compression parameter index (RFC 3173, 3.3). */
  ipcompCpi: field("IPComp CPI", 16, transportWord(2)),
  tcpFlags: field("TCP flags", 8, transportByte(13), "tcp-flags"),
  icmpType: field("ICMP type", 8, transportByte(0)),
  icmpCode: field("ICMP code", 8, transportByte(1)),
  mark: field("mark", 32, (c) => c.packet.mark, "hex"),
  macSource: field("source MAC", 48, macSource, "mac"),
  /** As linux/if_packet.h numbers them: 0 unicast, 1 broadcast, 2 multicast, 3 for another host. */
  packetType: field("packet type", 2, packetType),
  /** Who sent a local packet; -1 where no socket did. */
  ownerUid: field("owner uid", 33, (c) => c.packet.owner?.uid ?? -1),
  ownerGid: field("owner gid", 33, (c) => c.packet.owner?.gid ?? -1),
  /** A set of bits, see `ctstates`. */
  ctstate: field("ctstate", 9, ctstate, "ctstate"),
  /** `connectionStatus` bits of the entry, 0 where there is none. */
  ctstatus: field(
    "ctstatus",
    14,
    ({ packet: { tracking } }) => (tracking?.kind === "tracked" ? tracking.connection.status : 0),
    "hex",
  ),
  /** 0 original, 1 reply. */
  ctdirection: field("ctdir", 1, ({ packet: { tracking } }) =>
    tracking?.kind === "tracked" ? (tracking.direction === "original" ? 0 : 1) : -1,
  ),
  ctmark: field(
    "connmark",
    32,
    ({ packet: { tracking } }) => (tracking?.kind === "tracked" ? tracking.connection.mark : -1),
    "hex",
  ),
  ctprotocol: field(
    "ctproto",
    8,
    ofTuple("original", (t) => t.protocol),
  ),
  ctOriginalSource: field(
    "ctorigsrc",
    32,
    ofTuple("original", (t) => t.source),
    "address",
  ),
  ctOriginalSource6: field(
    "ctorigsrc",
    128,
    ofTuple("original", (t) => t.source),
    "address",
  ),
  ctOriginalDestination: field(
    "ctorigdst",
    32,
    ofTuple("original", (t) => t.destination),
    "address",
  ),
  ctOriginalDestination6: field(
    "ctorigdst",
    128,
    ofTuple("original", (t) => t.destination),
    "address",
  ),
  ctReplySource: field(
    "ctreplsrc",
    32,
    ofTuple("reply", (t) => t.source),
    "address",
  ),
  ctReplySource6: field(
    "ctreplsrc",
    128,
    ofTuple("reply", (t) => t.source),
    "address",
  ),
  ctReplyDestination: field(
    "ctrepldst",
    32,
    ofTuple("reply", (t) => t.destination),
    "address",
  ),
  ctReplyDestination6: field(
    "ctrepldst",
    128,
    ofTuple("reply", (t) => t.destination),
    "address",
  ),
  ctOriginalSourcePort: field(
    "ctorigsrcport",
    16,
    ofTuple("original", (t) => t.sourcePort),
  ),
  ctOriginalDestinationPort: field("ctorigdstport", 16, ofTuple("original", destinationWord)),
  ctReplySourcePort: field(
    "ctreplsrcport",
    16,
    ofTuple("reply", (t) => t.sourcePort),
  ),
  ctReplyDestinationPort: field("ctrepldstport", 16, ofTuple("reply", destinationWord)),
  /** Whole seconds until the entry goes. */
  ctexpire: field("ctexpire", 32, ({ packet: { tracking }, world }) =>
    tracking?.kind === "tracked" ? Math.max(0, Math.floor(tracking.connection.expires - world.now)) : -1,
  ),
  /** Seconds since 1970 of the packet's time. */
  time: field("time", 53, (c) => Math.floor(c.world.now)),
  /** The same by the clock on the host's wall, which `--kerneltz` compares dates with. */
  localTime: field(
    "local time",
    53,
    clock(true, (_, seconds) => seconds),
  ),
  ...clockFields(false, ""),
  localSecondOfDay: clockFields(true, "local ").secondOfDay,
  localWeekday: clockFields(true, "local ").weekday,
  localMonthday: clockFields(true, "local ").monthday,
  localPreviousMonthday: clockFields(true, "local ").previousMonthday,
} as const satisfies Readonly<Record<string, Field>>;

export const sourceField = (family: Family): Field => (family === "ipv4" ? fields.source4 : fields.source6);
export const destinationField = (family: Family): Field =>
  family === "ipv4" ? fields.destination4 : fields.destination6;
