import { bytesToAddress } from "../packet/address.ts";
import { extensionHeader } from "../packet/extension-header.ts";
import { findHeader } from "../packet/find-header.ts";
import type { Packet } from "../packet/packet.ts";

/** The first routing header of an IPv6 packet (RFC 8200, 4.4; RFC 8754 for type 4). */
export interface RoutingHeader {
  readonly nextHeader: number;
  /** The length field, in units of 8 bytes behind the first 8. */
  readonly lengthField: number;
  /** Bytes of the whole header, as its length field tells. */
  readonly length: number;
  readonly type: number;
  readonly segmentsLeft: number;
  /** Whether the packet reaches to the header's end. */
  readonly complete: boolean;
  /** Bytes 4 to 7; `undefined` where the packet ends before. */
  readonly reserved: number | undefined;
  /** The whole addresses that there is room for behind the first 8 bytes. */
  address(index: number): bigint | undefined;
}

/** As `findHeader`, with what the header says. */
export function findRouting({ bytes }: Packet): RoutingHeader | "absent" | "malformed" {
  const at = findHeader(bytes, extensionHeader.routing);
  if (typeof at === "string") return at;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const lengthField = view.getUint8(1);
  const length = (lengthField + 1) * 8;
  return {
    nextHeader: view.getUint8(0),
    lengthField,
    length,
    type: view.getUint8(2),
    segmentsLeft: view.getUint8(3),
    complete: bytes.length - at >= length,
    reserved: view.byteLength < 8 ? undefined : view.getUint32(4),
    address(index) {
      const start = at + 8 + index * 16;
      if (index < 0 || start + 16 > bytes.length) return undefined;
      const address = bytesToAddress(bytes, start, 16);
      return typeof address === "bigint" ? address : undefined;
    },
  };
}

/** Whether a header of type 0 names these hops: exactly them, or all of them in this order among others (rt_mt6). */
export function hopsMatch(header: RoutingHeader, wanted: readonly bigint[], strict: boolean): boolean {
  const hops = Math.floor((header.length - 8) / 16);
  if (wanted.length > hops) return false;
  if (strict) return hops === wanted.length && wanted.every((hop, index) => header.address(index) === hop);
  let found = 0;
  for (let index = 0; index < hops && found < wanted.length; index++) {
    if (header.address(index) === wanted[found]) found++;
  }
  return found === wanted.length;
}
