import { type Field, fields } from "../packet/fields.ts";

/** Interface names are written out: 16 characters (IFNAMSIZ, the last one is NUL) of 8 bits. */
export const deviceBits = 16 * 8;

/** Variables that decide what sets cannot see have levels from here on: below all of the packet's own. */
export const firstFreeLevel = 1 << 20;

/** What is asked first stands on top: small fields that split rules into groups, then ports, then addresses. */
const order: readonly Field[] = [
  fields.protocol,
  fields.fragmentOffset,
  fields.icmpType,
  fields.icmpCode,
  fields.tcpFlags,
  fields.destinationPort,
  fields.sourcePort,
  fields.destination4,
  fields.source4,
  fields.destination6,
  fields.source6,
];

/** Hands out levels: each field's bits stand together, highest first; a field that is not listed gets the next ones. */
export class Layout {
  readonly inDevice = 0;
  readonly outDevice = deviceBits;
  /** Three bits, see ct-variables.ts; then whether NAT changed the connection's source, its destination. */
  readonly ctstate = 2 * deviceBits;
  readonly sourceNat = 2 * deviceBits + 3;
  readonly destinationNat = 2 * deviceBits + 4;
  /** The packet was sent by a socket. */
  readonly owned = 2 * deviceBits + 5;
  private readonly starts = new Map<Field, number>();
  private readonly presences = new Map<Field, number>();
  private next = 2 * deviceBits + 8;
  private nextFree = firstFreeLevel;

  constructor() {
    for (const field of order) this.start(field);
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
