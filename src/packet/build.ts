import { writeAddress } from "./address.ts";
import { setHeaderChecksum } from "./checksum.ts";

export interface Ipv4Fields {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly tos?: number;
  readonly ttl?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In units of 8 bytes. */
  readonly fragmentOffset?: number;
  /** IP options, a multiple of 4 bytes, 40 at most. */
  readonly options?: Uint8Array;
  readonly payload: Uint8Array;
}

/** An IPv4 packet with its header checksum; the transport checksum is the payload's own affair. */
export function buildIpv4(fields: Ipv4Fields): Uint8Array {
  const { payload, fragmentOffset = 0, id = 0, options = new Uint8Array() } = fields;
  const headerLength = 20 + options.length;
  const bytes = new Uint8Array(headerLength + payload.length);
  bytes[0] = 0x40 | (headerLength / 4);
  bytes[1] = fields.tos ?? 0;
  bytes[2] = bytes.length >> 8;
  bytes[3] = bytes.length;
  bytes[4] = id >> 8;
  bytes[5] = id;
  bytes[6] = (fields.dontFragment ? 0x40 : 0) | (fields.moreFragments ? 0x20 : 0) | (fragmentOffset >> 8);
  bytes[7] = fragmentOffset;
  bytes[8] = fields.ttl ?? 64;
  bytes[9] = fields.protocol;
  writeAddress(bytes, 12, fields.source);
  writeAddress(bytes, 16, fields.destination);
  bytes.set(options, 20);
  bytes.set(payload, headerLength);
  setHeaderChecksum(bytes);
  return bytes;
}

export interface Ipv6Fields {
  readonly source: bigint;
  readonly destination: bigint;
  readonly protocol: number;
  readonly trafficClass?: number;
  readonly hopLimit?: number;
  readonly payload: Uint8Array;
}

/** An IPv6 packet without extension headers. */
export function buildIpv6(fields: Ipv6Fields): Uint8Array {
  const { payload, trafficClass = 0 } = fields;
  const bytes = new Uint8Array(40 + payload.length);
  bytes[0] = 0x60 | (trafficClass >> 4);
  bytes[1] = trafficClass << 4;
  bytes[4] = payload.length >> 8;
  bytes[5] = payload.length;
  bytes[6] = fields.protocol;
  bytes[7] = fields.hopLimit ?? 64;
  writeAddress(bytes, 8, fields.source);
  writeAddress(bytes, 24, fields.destination);
  bytes.set(payload, 40);
  return bytes;
}
