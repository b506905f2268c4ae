import { type Field, fields } from "../packet/fields.ts";
import { spelledBits } from "./device-names.ts";

/** Variables that decide what sets cannot see have levels from here on: below all of the packet's own. */
export const firstFreeLevel = 1 << 20;

/**
 * What stands on top is asked first. The packet's origin, then its goal, then the small fields: rule sets treat the two
 * ends apart (a chain for each incoming interface, one for each outgoing), and so a diagram keeps the one's part once
 * and not for each value of the other.
 */
const order = [
  "inDevice",
  fields.source4,
  fields.source6,
  "mac",
  fields.macSource,
  "outDevice",
  fields.destination4,
  fields.destination6,
  fields.protocol,
  fields.fragmentOffset,
  fields.icmpType,
  fields.icmpCode,
  fields.tcpFlags,
  fields.destinationPort,
  fields.sourcePort,
  "conntrack",
] as const satisfies readonly (Field | string)[];

const conntrackBits = 7;

/** Hands out levels: each field's bits stand together, highest first; a field that is not listed gets the next ones. */
export class Layout {
  readonly inDevice: number;
  readonly outDevice: number;
  /** The code of the sender's MAC address; the written out one is the field's own. */
  readonly mac: number;
  /** Three bits, see ct-variables.ts; then whether NAT changed the connection's source, its destination; whether the packet is its first; whether that one's mapping is made already. */
  readonly ctstate: number;
  readonly sourceNat: number;
  readonly destinationNat: number;
  readonly opens: number;
  readonly bound: number;
  /** The packet was sent by a socket. */
  readonly owned: number;
  private readonly starts = new Map<Field, number>();
  private readonly presences = new Map<Field, number>();
  private next = 0;
  private nextFree = firstFreeLevel;

  /** `deviceCodeBits`: see device-names.ts; `macCodeBits`: see mac-codes.ts. */
  constructor(deviceCodeBits: number, macCodeBits: number) {
    const device = deviceCodeBits + spelledBits;
    const widths = { inDevice: device, outDevice: device, mac: macCodeBits, conntrack: conntrackBits };
    const named = { inDevice: 0, outDevice: 0, mac: 0, conntrack: 0 };
    for (const part of order) {
      if (typeof part === "string") {
        named[part] = this.next;
        this.next += widths[part];
      } else this.start(part);
    }
    this.mac = named.mac;
    this.inDevice = named.inDevice;
    this.outDevice = named.outDevice;
    this.ctstate = named.conntrack;
    this.sourceNat = named.conntrack + 3;
    this.destinationNat = named.conntrack + 4;
    this.opens = named.conntrack + 5;
    this.bound = named.conntrack + 6;
    this.owned = this.next++;
  }

  /** The level of the field's highest bit. */
  start(field: Field): number {
    const known = this.starts.get(field);
    if (known !== undefined) return known;
    const level = this.next;
    this.next += field.bits;
    this.starts.set(field, level);
    return level;
  }

  /** The level that says whether the packet has the field at all. */
  presence(field: Field): number {
    const known = this.presences.get(field) ?? this.next++;
    this.presences.set(field, known);
    return known;
  }

  /** The fields that have levels, with their first one. */
  get entries(): Iterable<readonly [Field, number]> {
    return this.starts;
  }

  get presenceEntries(): Iterable<readonly [Field, number]> {
    return this.presences;
  }

  free(): number {
    return this.nextFree++;
  }
}
