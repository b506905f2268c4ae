import type { Address } from "../../packet/address.ts";
import type { Field } from "../../packet/fields.ts";
import type { PacketSet, PacketSpace } from "../packet-space.ts";

/** Narrows a set down to one packet, wish by wish: what a person would write comes first. */
export class Narrowing {
  readonly space: PacketSpace;
  set: PacketSet;

  constructor(space: PacketSpace, set: PacketSet) {
    this.space = space;
    this.set = set;
  }

  /** Takes the wish where some packet of the set has it. */
  wish(by: PacketSet): boolean {
    const narrowed = this.space.and(this.set, by);
    if (narrowed === 0) return false;
    this.set = narrowed;
    return true;
  }

  /** The packets whose field has this value. */
  having(field: Field, value: Address): PacketSet {
    return this.space.ranged(field, [[value, value]]);
  }

  /** Takes the first value that some packet of the set has. */
  wishValue(field: Field, ...values: readonly Address[]): boolean {
    return values.some((value) => this.wish(this.having(field, value)));
  }

  /** Settles a field at the first of these values that some packet of the set has, else at its least one. */
  settle(field: Field, ...values: readonly Address[]): bigint {
    const taken = values.find((value) => this.wish(this.having(field, value)));
    return taken === undefined ? this.value(field) : BigInt(taken);
  }

  /** Settles a field: its least value in the set where no wish has settled it. */
  value(field: Field): bigint {
    let value = 0n;
    for (const bit of this.space.vector(field)) {
      value *= 2n;
      if (this.wish(this.space.not(bit))) continue;
      this.wish(bit);
      value += 1n;
    }
    return value;
  }
}
