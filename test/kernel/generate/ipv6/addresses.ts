import { parseAddress, prefixLength, printAddress } from "../../../../src/packet/address.ts";

/** An IPv6 address of this folder's own text. */
export function ipv6(text: string): bigint {
  const address = parseAddress(text);
  if (typeof address !== "bigint") throw new Error(`not an IPv6 address: ${text}`);
  return address;
}

/** The standard host's networks in both families, by their first 24 bits. */
const networks: ReadonlyMap<number, bigint> = new Map([
  [0xc00002, ipv6("2001:db8::")],
  [0x0a0000, ipv6("2001:db8:1::")],
  [0xac1005, ipv6("2001:db8:2::")],
]);

const special: ReadonlyMap<number, bigint> = new Map([
  [0, 0n],
  [0x7f000001, 1n],
  [0xffffffff, ipv6("ff02::1")],
]);

/** Behind the default router. */
const elsewhere = ipv6("2001:db7:ffff::");

/** The IPv6 address that stands for an IPv4 one: the same host of the standard networks, a group for a group. */
export function sixOf(address: number): bigint {
  const known = special.get(address);
  if (known !== undefined) return known;
  if (address >>> 28 === 14) return ipv6("ff05::") | BigInt(address & 0xffffff);
  const network = networks.get(address >>> 8);
  if (network === undefined) return elsewhere | BigInt(address);
  return (address & 255) === 255 ? ipv6("ff02::1") : network | BigInt(address & 255);
}

const lengths: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [8, 32],
  [16, 48],
  [24, 64],
]);

/** The prefix length that takes in about what an IPv4 one does. */
export const sixLengthOf = (length: number): number => lengths.get(length) ?? 96 + length;

/** A mask as text: a length where the IPv4 mask is one, else a mask with holes, too. */
export function sixMaskOf(mask: number): string {
  const length = prefixLength(mask);
  if (length !== undefined) return String(sixLengthOf(length));
  const [a, b, c, d] = [24, 16, 8, 0].map((shift) => (mask >>> shift) & 255);
  const groups = [a, b, c].map((byte) => (byte ? "ffff" : "0"));
  return printAddress(ipv6(`${groups.join(":")}::${(d ?? 0).toString(16)}`));
}
