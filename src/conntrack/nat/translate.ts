import { setTransportChecksum } from "../../packet/checksum.ts";
import { connectionStatus, type Tracking } from "../../packet/connection.ts";
import type { Hook } from "../../packet/context.ts";
import type { Packet } from "../../packet/packet.ts";
import { trustsChecksum } from "../../packet/trusted-checksum.ts";
import type { NatManip } from "../conntrack.ts";
import { type Entry, opposite } from "../entry.ts";
import { protocol } from "../protocol-numbers.ts";
import { invertTuple } from "../tuple.ts";
import { manipulate } from "./manipulate.ts";

/** Source NAT where packets leave the rules, destination NAT where they come in (HOOK2MANIP). */
export const manipAt = (hook: Hook): NatManip =>
  hook === "POSTROUTING" || hook === "INPUT" ? "source" : "destination";

type Tracked = Extract<Tracking, { kind: "tracked" }>;

/** Whether NAT treats the packet as a message about a packet of its connection, not as one of that connection. */
export function isRelatedIcmp(packet: Packet, tracking: Tracked): boolean {
  return (
    tracking.state === "RELATED" &&
    packet.protocol === (packet.family === "ipv4" ? protocol.icmp : protocol.icmpv6)
  );
}

/** Rewrites a packet as its connection demands at this hook; false where it has to be dropped. */
export function translatePacket(packet: Packet, entry: Entry, tracking: Tracked, hook: Hook): boolean {
  if (isRelatedIcmp(packet, tracking)) return translateIcmpError(packet, entry, tracking, hook);
  const manip = manipAt(hook);
  if (!demandsManip(entry, tracking, manip)) return true;
  // the packet shall look like the inverse of what comes from the other side
  const target = invertTuple(entry[opposite(tracking.direction)]);
  return !target || manipulate(packet.bytes, 0, packet.family, target, manip, target.protocol);
}

/** In the reply direction, what was done to the source is undone at the destination. */
function demandsManip(entry: Entry, { direction }: Tracked, manip: NatManip): boolean {
  const source = (manip === "source") === (direction === "original");
  return entry.has(source ? connectionStatus.sourceNat : connectionStatus.destinationNat);
}

const redirect4 = 5;
const redirect6 = 137;

/**
 * An ICMP error and the packet that it quotes (nf_nat_icmp_reply_translation): the quoted packet goes the other way, so
 * the other end of it changes; the error itself goes to where the connection's answers go.
 */
function translateIcmpError(packet: Packet, entry: Entry, tracking: Tracked, hook: Hook): boolean {
  const { bytes, family, transportOffset } = packet;
  const inner = transportOffset + 8;
  if (inner + (family === "ipv4" ? 20 : 40) > bytes.length) return false;
  if (!trustsChecksum(packet, hook)) return false;
  const type = bytes[transportOffset];
  const settled = connectionStatus.sourceNatDone | connectionStatus.destinationNatDone;
  if (type === (family === "ipv4" ? redirect4 : redirect6)) {
    // Linux does not turn redirects back: they would name a host that the receiver does not know
    if ((entry.status & settled) !== settled) return false;
    if (entry.has(connectionStatus.sourceNat | connectionStatus.destinationNat)) return false;
  }
  const manip = manipAt(hook);
  if (!demandsManip(entry, tracking, manip)) return true;
  const quoted = entry[opposite(tracking.direction)];
  const otherManip: NatManip = manip === "source" ? "destination" : "source";
  if (!manipulate(bytes, inner, family, quoted, otherManip, quoted.protocol)) return false;
  setTransportChecksum(packet.bytes);
  const target = invertTuple(quoted);
  const icmp = family === "ipv4" ? protocol.icmp : protocol.icmpv6;
  return !target || manipulate(bytes, 0, family, target, manip, icmp);
}
