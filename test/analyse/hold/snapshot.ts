import type { Address } from "../../../src/packet/address.ts";
import type { Context } from "../../../src/packet/context.ts";
import { type Field, fields } from "../../../src/packet/fields.ts";

/** What each field read of one packet at one place. */
export type Snapshot = ReadonlyMap<Field, Address>;

export const snapshotOf = (context: Context): Snapshot =>
  new Map(Object.values(fields).map((field) => [field, field.read(context)]));

/** A context that does not change any more. */
export const frozen = (context: Context): Context => ({ ...context, packet: context.packet.copy() });
