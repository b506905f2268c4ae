import type { Address, Family } from "../../packet/address.ts";

/** What `create` says of a set besides its name and type. */
export interface SetOptions {
  readonly family: Family;
  readonly hashSize: number;
  readonly maxElements: number;
  readonly bucketSize: number;
  readonly initialValue: number | undefined;
  /** Put on addresses before they are looked up or stored. */
  readonly netmask: number | undefined;
  readonly bitmask: Address | undefined;
  readonly markMask: number;
  /** Of a bitmap: its first and last address or port. */
  readonly range: readonly [low: number, high: number] | undefined;
  /** Of a list:set. */
  readonly size: number;
  /** Seconds that entries live unless told, 0 for ever; `undefined`: the set has no timeouts. */
  readonly timeout: number | undefined;
  readonly counters: boolean;
  readonly comment: boolean;
  readonly skbinfo: boolean;
  readonly forceAdd: boolean;
}

/** Linux' defaults (ip_set_hash.h, ip_set_list.h). */
export const usualOptions: SetOptions = {
  family: "ipv4",
  hashSize: 1024,
  maxElements: 65536,
  bucketSize: 12,
  initialValue: undefined,
  netmask: undefined,
  bitmask: undefined,
  markMask: 0xffffffff,
  range: undefined,
  size: 8,
  timeout: undefined,
  counters: false,
  comment: false,
  skbinfo: false,
  forceAdd: false,
};
