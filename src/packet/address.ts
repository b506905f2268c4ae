import ipaddr from "ipaddr.js";

/** An IP address: a number (u32) is IPv4, a bigint (u128) is IPv6. Values of one family compare with `===`, `<`, `>`. */
export type Address = number | bigint;
export type Family = "ipv4" | "ipv6";

export const familyOf = (address: Address): Family => (typeof address === "number" ? "ipv4" : "ipv6");

/** Canonical text (RFC 5952 for IPv6), as iptables prints it. */
export function printAddress(address: Address): string {
  if (typeof address === "number") {
    return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
  }
  const parts: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) parts.push(Number((address >> shift) & 0xffffn));
  // inet_ntop(3) writes v4-mapped and v4-compatible addresses with a dotted tail, ipaddr.js does not
  const mapped = address >> 32n === 0xffffn;
  const compatible = address >> 32n === 0n && address > 0xffffn;
  if (mapped || compatible) return `::${mapped ? "ffff:" : ""}${printAddress(Number(address & 0xffffffffn))}`;
  return new ipaddr.IPv6(parts).toString();
}

/** Parses a full textual address of either family; `undefined` where it is none. For users' packets and host snapshots. */
export function parseAddress(text: string): Address | undefined {
  const four = parseFourDecimals(text);
  if (four !== undefined) return four;
  if (!text.includes("%") && ipaddr.IPv6.isValid(text)) {
    return bytesToAddress(ipaddr.IPv6.parse(text).toByteArray(), 0, 16);
  }
  return undefined;
}

/** `192.0.2.1`: four decimal numbers of up to 255 with no zero in front; `end` is where the address must end. */
export function parseFourDecimals(text: string, end = text.length): number | undefined {
  let address = 0;
  let dots = 0;
  let part = -1;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (part < 0 || ++dots > 3) return undefined;
      address = (address << 8) | part;
      part = -1;
    } else {
      if (code < 48 || code > 57 || part === 0) return undefined;
      part = part < 0 ? code - 48 : part * 10 + code - 48;
      if (part > 255) return undefined;
    }
  }
  return dots === 3 && part >= 0 ? ((address << 8) | part) >>> 0 : undefined;
}

/** Reads an address of `length` bytes (4 or 16) in network order. */
export function bytesToAddress(bytes: ArrayLike<number>, offset: number, length: 4 | 16): Address {
  if (length === 4) {
    return (
      ((bytes[offset]! << 24) |
        (bytes[offset + 1]! << 16) |
        (bytes[offset + 2]! << 8) |
        bytes[offset + 3]!) >>>
      0
    );
  }
  let value = 0n;
  for (let word = 0; word < 4; word++) {
    value = (value << 32n) | BigInt(bytesToAddress(bytes, offset + 4 * word, 4));
  }
  return value;
}

/** Writes an address in network order: 4 bytes for IPv4, 16 for IPv6. */
export function writeAddress(bytes: Uint8Array, offset: number, address: Address): void {
  if (typeof address === "number") {
    bytes[offset] = address >>> 24;
    bytes[offset + 1] = address >>> 16;
    bytes[offset + 2] = address >>> 8;
    bytes[offset + 3] = address;
    return;
  }
  for (let i = 15, rest = address; i >= 0; i--, rest >>= 8n) bytes[offset + i] = Number(rest & 0xffn);
}

/** The mask of a prefix length: 0 to 32 for IPv4, 0 to 128 for IPv6. */
export function prefixMask(family: Family, length: number): Address {
  if (family === "ipv4") return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return ((1n << 128n) - 1n) ^ ((1n << BigInt(128 - length)) - 1n);
}

/** The prefix length of a mask, or `undefined` where its bits are not contiguous. */
export function prefixLength(mask: Address): number | undefined {
  if (typeof mask === "bigint") return ipv6Lengths.get(mask);
  const length = Math.clz32(~mask);
  return prefixMask("ipv4", length) === mask ? length : undefined;
}

const ipv6Lengths: ReadonlyMap<Address, number> = new Map(
  Array.from({ length: 129 }, (_, length) => [prefixMask("ipv6", length), length]),
);

/** `address & mask` for both families. */
export function maskAddress(address: Address, mask: Address): Address {
  return typeof address === "number" ? (address & (mask as number)) >>> 0 : address & (mask as bigint);
}
