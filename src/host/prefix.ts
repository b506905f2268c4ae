import {
  type Address,
  type Family,
  familyOf,
  maskAddress,
  parseAddress,
  prefixMask,
} from "../packet/address.ts";

/** A block of addresses; the bits behind the prefix are zero. */
export interface Prefix {
  readonly address: Address;
  readonly length: number;
}

export const addressBits = (family: Family): number => (family === "ipv4" ? 32 : 128);

export function makePrefix(address: Address, length: number): Prefix {
  return { address: maskAddress(address, prefixMask(familyOf(address), length)), length };
}

/** The prefix that holds every address of a family. */
export const everything = (family: Family): Prefix => ({ address: family === "ipv4" ? 0 : 0n, length: 0 });

/** Reads `10.0.0.0/8` or a bare address, which stands for itself alone; `undefined` where it is neither. */
export function parsePrefix(text: string): Prefix | undefined {
  const [head = "", tail, ...rest] = text.split("/");
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  const bits = addressBits(familyOf(address));
  if (tail === undefined) return { address, length: bits };
  if (!/^\d{1,3}$/.test(tail) || Number(tail) > bits) return undefined;
  return makePrefix(address, Number(tail));
}

export function contains(prefix: Prefix, address: Address): boolean {
  return (
    typeof address === typeof prefix.address &&
    maskAddress(address, prefixMask(familyOf(address), prefix.length)) === prefix.address
  );
}
