import type { Tuple } from "../packet/connection.ts";
import { inverseIcmpType } from "./tuple.ts";

/**
 * A tuple without its zone in four fields, for the table: V8 keeps whole numbers of 32 bits with a sign in the field itself,
 * anything larger in a box of its own. Objects that begin with the same fields have them kept alike, so packed tuples begin with
 * `ports`: behind the `source` of a `Tuple`, which may be larger, their addresses would be in boxes, too.
 */
export interface PackedTuple {
  /** IPv4 addresses with a sign, so that those above 127.255.255.255 are negative; IPv6 ones as they are. */
  readonly source: number | bigint;
  readonly destination: number | bigint;
  /** The source port in the upper half. */
  readonly ports: number;
  /** From the top: 8 bits of nothing, protocol, ICMP type, ICMP code. */
  readonly kind: number;
}

export const packTuple = (tuple: Tuple): PackedTuple => ({
  ports: packPorts(tuple),
  kind: packKind(tuple),
  source: packAddress(tuple.source),
  destination: packAddress(tuple.destination),
});

export const packAddress = (address: number | bigint): number | bigint =>
  typeof address === "number" ? address | 0 : address;
const unpackAddress = (address: number | bigint): number | bigint =>
  typeof address === "number" ? address >>> 0 : address;

export const packPorts = (tuple: Tuple): number => (tuple.sourcePort << 16) | tuple.destinationPort;
export const packKind = (tuple: Tuple): number =>
  (tuple.protocol << 16) | (tuple.icmpType << 8) | tuple.icmpCode;

export const unpackTuple = ({ source, destination, ports, kind }: PackedTuple, zone: number): Tuple => ({
  source: unpackAddress(source),
  destination: unpackAddress(destination),
  protocol: kind >>> 16,
  sourcePort: ports >>> 16,
  destinationPort: ports & 0xffff,
  icmpType: (kind >>> 8) & 0xff,
  icmpCode: kind & 0xff,
  zone,
});

/** The tuple of the answers, as `invertTuple` has it; `undefined` for ICMP types that nobody answers. */
export function invertPacked({ source, destination, ports, kind }: PackedTuple): PackedTuple | undefined {
  const icmpType = inverseIcmpType(kind >>> 16, (kind >>> 8) & 0xff);
  if (icmpType === undefined) return undefined;
  return {
    ports: (ports << 16) | (ports >>> 16),
    kind: (kind & 0xff00ff) | (icmpType << 8),
    source: destination,
    destination: source,
  };
}

export const samePacked = (a: PackedTuple, b: PackedTuple): boolean =>
  a.source === b.source && a.destination === b.destination && a.ports === b.ports && a.kind === b.kind;

/** A 32-bit number that equal tuples share: where the connection table looks first. */
export const hashPacked = ({ source, destination, ports, kind }: PackedTuple): number =>
  mix(mix(mix(foldAddress(source), foldAddress(destination)), ports), kind);

/** One round of MurmurHash3's mixing (public domain), which spreads each bit over the number. */
function mix(hash: number, value: number): number {
  let mixed = Math.imul(value, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593) ^ hash;
  mixed = Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64;
  return mixed ^ (mixed >>> 16);
}

const foldAddress = (address: number | bigint): number =>
  typeof address === "number"
    ? address
    : Number(BigInt.asIntN(32, address ^ (address >> 32n) ^ (address >> 64n) ^ (address >> 96n)));
