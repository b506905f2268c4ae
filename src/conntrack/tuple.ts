import { bytesToAddress, type Family } from "../packet/address.ts";
import type { Tuple } from "../packet/connection.ts";
import { extensionHeader } from "../packet/extension-header.ts";
import { findTransport } from "../packet/ipv6-extension-headers.ts";
import { protocol } from "./protocol-numbers.ts";

/** A tuple as it was read, with where its transport header starts. */
export interface ReadTuple {
  readonly tuple: Tuple;
  readonly transportOffset: number;
}

/**
 * The tuple of the IP packet that starts at `offset` of `bytes` (nf_ct_get_tuplepr): a packet itself or one quoted in an
 * ICMP error. `undefined` where the packet is a later fragment or ends before its ports.
 */
export function readTuple(
  bytes: Uint8Array,
  offset: number,
  family: Family,
  zone: number,
): ReadTuple | undefined {
  const transport = family === "ipv4" ? locate4(bytes, offset) : locate6(bytes, offset);
  if (!transport) return undefined;
  const { number, at } = transport;
  const size = family === "ipv4" ? 4 : 16;
  const addresses = offset + (family === "ipv4" ? 12 : 8);
  const base = {
    source: bytesToAddress(bytes, addresses, size),
    destination: bytesToAddress(bytes, addresses + size, size),
    protocol: number,
    sourcePort: 0,
    destinationPort: 0,
    icmpType: 0,
    icmpCode: 0,
    zone,
  };
  const found = (part: Partial<Tuple>): ReadTuple => ({ tuple: { ...base, ...part }, transportOffset: at });
  const word = (index: number) => (bytes[at + index]! << 8) | bytes[at + index + 1]!;
  const left = bytes.length - at;
  switch (number) {
    case protocol.tcp:
    case protocol.udp:
    case protocol.udplite:
    case protocol.sctp:
      if (left < 4) return undefined;
      return found({ sourcePort: word(0), destinationPort: word(2) });
    case protocol.icmp:
    case protocol.icmpv6:
      if (left < 8) return undefined;
      return found({
        sourcePort: word(4),
        destinationPort: word(4),
        icmpType: bytes[at]!,
        icmpCode: bytes[at + 1]!,
      });
    case protocol.gre:
      // nf_conntrack_proto_gre: only version 1 (PPTP) has a key; its call id is the destination's
      if (left < 4 || (bytes[at + 1]! & 7) !== 1 || left < 8) return found({});
      return word(2) === 0x880b ? found({ destinationPort: word(6) }) : undefined;
    default:
      return found({});
  }
}

function locate4(bytes: Uint8Array, offset: number): { number: number; at: number } | undefined {
  if (offset + 20 > bytes.length) return undefined;
  if (((bytes[offset + 6]! & 0x1f) << 8) | bytes[offset + 7]!) return undefined;
  const at = offset + (bytes[offset]! & 15) * 4;
  return at > bytes.length ? undefined : { number: bytes[offset + 9]!, at };
}

function locate6(bytes: Uint8Array, offset: number): { number: number; at: number } | undefined {
  if (offset + 40 > bytes.length) return undefined;
  const transport = findTransport(bytes.subarray(offset));
  // ipv6_skip_exthdr fails where a header is cut short and where "no next header" ends the chain
  if (!transport.sound || transport.fragmentOffset !== 0 || transport.protocol === extensionHeader.none)
    return undefined;
  return { number: transport.protocol, at: offset + transport.offset };
}

/** Request and reply types of ICMP that belong together (nf_conntrack_proto_icmp.c), both ways. */
const icmpPairs: readonly (readonly [number, number])[] = [
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
];
const icmpv6Pairs: readonly (readonly [number, number])[] = [
  [128, 129],
  [139, 140],
];

const bothWays = (pairs: readonly (readonly [number, number])[]) =>
  new Map(
    pairs.flatMap(([a, b]): [number, number][] => [
      [a, b],
      [b, a],
    ]),
  );

const inverseTypes = {
  [protocol.icmp]: bothWays(icmpPairs),
  [protocol.icmpv6]: bothWays(icmpv6Pairs),
} as const;

/** The tuple of the answers to a tuple (nf_ct_invert_tuple); `undefined` for ICMP types that nobody answers. */
export function invertTuple(tuple: Tuple): Tuple | undefined {
  let { icmpType } = tuple;
  if (tuple.protocol === protocol.icmp || tuple.protocol === protocol.icmpv6) {
    const inverse = inverseTypes[tuple.protocol].get(icmpType);
    if (inverse === undefined) return undefined;
    icmpType = inverse;
  }
  return {
    ...tuple,
    source: tuple.destination,
    destination: tuple.source,
    sourcePort: tuple.destinationPort,
    destinationPort: tuple.sourcePort,
    icmpType,
  };
}

/** One text for each tuple: the key of the connection table. */
export function tupleKey(tuple: Tuple): string {
  const {
    protocol: number,
    source,
    sourcePort,
    destination,
    destinationPort,
    icmpType,
    icmpCode,
    zone,
  } = tuple;
  return `${number} ${source} ${sourcePort} ${destination} ${destinationPort} ${icmpType} ${icmpCode} ${zone} ${typeof source}`;
}

export const sameTuple = (a: Tuple, b: Tuple): boolean => tupleKey(a) === tupleKey(b);
