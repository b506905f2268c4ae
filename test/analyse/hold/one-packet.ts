import type { PacketSet, PacketSpace } from "../../../src/analyse/packet-space.ts";
import { and, equals, type Formula, inRanges, not } from "../../../src/formula/formula.ts";
import type { Address, Family } from "../../../src/packet/address.ts";
import { connectionStatus, ctstates } from "../../../src/packet/connection.ts";
import { destinationField, type Field, fields, sourceField } from "../../../src/packet/fields.ts";
import type { Snapshot } from "./snapshot.ts";

/** All that an analysis distinguishes packets by, of one packet. */
export interface Sighting {
  readonly family: Family;
  /** As the packet entered the host. */
  readonly entering: Snapshot;
  /** As conntrack found it; `undefined` where it ended before. */
  readonly tracked: Snapshot | undefined;
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
  /** What pure functions of the packet that sets cannot see into said of it. */
  readonly opaque: readonly Answered[];
}

/** A free variable's level, and its value for this packet. */
export interface Answered {
  readonly level: number;
  readonly value: boolean;
}

const isOfConntrack = (field: Field): boolean => field.name.startsWith("ct") || field === fields.ctmark;

const whole = (field: Field): readonly [Address, Address] =>
  field.bits > 53 ? [0n, (1n << BigInt(field.bits)) - 1n] : [0, 2 ** field.bits - 1];

const isAbsent = (value: Address): boolean => value === -1 || value === -1n;

/** `field` is `value`, or is not there: -1. */
export const has = (field: Field, value: Address): Formula =>
  isAbsent(value) ? not(inRanges(field, [whole(field)])) : equals(field, value);

/** The fields that tell packets apart whatever the rules ask. */
const basic = (family: Family): readonly Field[] => [
  sourceField(family),
  destinationField(family),
  fields.protocol,
  fields.fragmentOffset,
  fields.length,
  fields.ttl,
  fields.tos,
  fields.mark,
  fields.packetType,
  fields.ctstate,
  fields.ctmark,
  fields.ctdirection,
  fields.sourcePort,
  fields.destinationPort,
  fields.icmpType,
];

/** Fields of the transport header: what a packet without it has there is no matter. */
const ofTransport: ReadonlySet<Field> = new Set([
  fields.sourcePort,
  fields.destinationPort,
  fields.tcpFlags,
  fields.icmpType,
  fields.icmpCode,
  fields.tcpDataOffset,
  fields.espSpi,
  fields.ahSpi,
  fields.ipcompCpi,
]);

/** The set that holds the packet alone, as far as any of the fields asked tells packets apart. */
export function onlyPacket(
  space: PacketSpace,
  { family, entering, tracked, inDevice, outDevice, opaque }: Sighting,
  asked: ReadonlySet<Field>,
): PacketSet {
  const device = (field: "inDevice" | "outDevice", name: string | undefined): Formula => ({
    kind: "device",
    field,
    name: name ?? "",
    prefix: false,
  });
  const parts: Formula[] = [device("inDevice", inDevice), device("outDevice", outDevice)];
  for (const field of new Set([...basic(family), ...asked])) {
    const snapshot = isOfConntrack(field) ? tracked : entering;
    const value = snapshot?.get(field);
    if (value === undefined || (isAbsent(value) && ofTransport.has(field))) continue;
    // sets make it of the length, as if no header had options
    if (field === fields.transportLength) continue;
    // a path's hooks lack the device or the sender: no part of what the packet is
    if (field === fields.macSource && isAbsent(value)) continue;
    parts.push(has(field, value));
  }
  const answers = opaque.map(({ level, value }) => {
    const variable = space.bdd.variable(level);
    return value ? variable : space.not(variable);
  });
  return space.and(space.set(and(...parts)), connectionStatusOf(space, tracked), ...answers);
}

const mapped = connectionStatus.sourceNatDone | connectionStatus.destinationNatDone;

/** What conntrack's fields do not say: what NAT did to the connection, and whether the packet is its first. */
function connectionStatusOf(space: PacketSpace, tracked: Snapshot | undefined): PacketSet {
  const status = tracked?.get(fields.ctstatus);
  const state = tracked?.get(fields.ctstate);
  if (typeof status !== "number" || typeof state !== "number") return 1;
  const isOpen = (state & (ctstates.NEW | ctstates.RELATED)) !== 0 && !(status & connectionStatus.confirmed);
  const bits: readonly (readonly [boolean, PacketSet])[] = [
    [(status & connectionStatus.sourceNat) !== 0, space.ct.sourceNat],
    [(status & connectionStatus.destinationNat) !== 0, space.ct.destinationNat],
    [isOpen, space.ct.opens],
    [isOpen && (status & mapped) !== 0, space.ct.bound],
  ];
  return space.and(...bits.map(([holds, set]) => (holds ? set : space.not(set))));
}
