import { bytesToAddress, type Family } from "../packet/address.ts";
import { sameFlow, type Tuple } from "../packet/connection.ts";
import { extensionHeader } from "../packet/extension-header.ts";
import { skipExtensionHeaders } from "../packet/skip-extension-headers.ts";
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
  const isIpv4 = family === "ipv4";
  let number: number;
  let at: number;
  if (isIpv4) {
    if (offset + 20 > bytes.length || isLaterFragment4(bytes, offset)) return undefined;
    number = bytes[offset + 9]!;
    at = offset + (bytes[offset]! & 15) * 4;
    if (at > bytes.length) return undefined;
  } else {
    const transport = locate6(bytes, offset);
    if (!transport) return undefined;
    ({ number, at } = transport);
  }
  const left = bytes.length - at;
  let sourcePort = 0;
  let destinationPort = 0;
  let icmpType = 0;
  let icmpCode = 0;
  switch (number) {
    case protocol.tcp:
    case protocol.udp:
    case protocol.udplite:
    case protocol.sctp:
      if (left < 4) return undefined;
      sourcePort = wordAt(bytes, at);
      destinationPort = wordAt(bytes, at + 2);
      break;
    case protocol.icmp:
    case protocol.icmpv6:
      if (left < 8) return undefined;
      sourcePort = wordAt(bytes, at + 4);
      destinationPort = sourcePort;
      icmpType = bytes[at]!;
      icmpCode = bytes[at + 1]!;
      break;
    case protocol.gre:
      // nf_conntrack_proto_gre: only version 1 (PPTP) has a key; its call id is the destination's
      if (left < 8 || (bytes[at + 1]! & 7) !== 1) break;
      if (wordAt(bytes, at + 2) !== 0x880b) return undefined;
      destinationPort = wordAt(bytes, at + 6);
      break;
  }
  const size = isIpv4 ? 4 : 16;
  const addresses = offset + (isIpv4 ? 12 : 8);
  const source = bytesToAddress(bytes, addresses, size);
  const destination = bytesToAddress(bytes, addresses + size, size);
  return {
    tuple: { source, destination, protocol: number, sourcePort, destinationPort, icmpType, icmpCode, zone },
    transportOffset: at,
  };
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

const isLaterFragment4 = (bytes: Uint8Array, offset: number): boolean =>
  ((bytes[offset + 6]! & 0x1f) | bytes[offset + 7]!) !== 0;

function locate6(bytes: Uint8Array, offset: number): { number: number; at: number } | undefined {
  if (offset + 40 > bytes.length) return undefined;
  const transport = skipExtensionHeaders(bytes.subarray(offset));
  if (!transport || transport.protocol === extensionHeader.fragment) return undefined;
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

/** The type that answers an ICMP type; `undefined` where none does. Other protocols have none, and keep what stands there. */
export const inverseIcmpType = (number: number, icmpType: number): number | undefined =>
  number === protocol.icmp || number === protocol.icmpv6 ? inverseTypes[number].get(icmpType) : icmpType;

/** The tuple of the answers to a tuple (nf_ct_invert_tuple); `undefined` for ICMP types that nobody answers. */
export function invertTuple(tuple: Tuple): Tuple | undefined {
  const icmpType = inverseIcmpType(tuple.protocol, tuple.icmpType);
  if (icmpType === undefined) return undefined;
  const { source, destination, protocol: number, sourcePort, destinationPort, icmpCode, zone } = tuple;
  return {
    source: destination,
    destination: source,
    protocol: number,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    icmpType,
    icmpCode,
    zone,
  };
}

export const sameTuple = (a: Tuple, b: Tuple): boolean => a.zone === b.zone && sameFlow(a, b);
