import { parseHost } from "../../arg-types/ip-text.ts";
import { type Address, type Family, maskAddress, prefixMask } from "../../packet/address.ts";
import { complain } from "./complaint.ts";
import { hostPrefix, networkPart, type Part } from "./part.ts";

/** First and last address. */
export interface AddressSpan {
  readonly low: Address;
  readonly high: Address;
  /** Where a network was written, its prefix length. */
  readonly prefix: number | undefined;
}

export function readAddress(text: string, family: Family): Address {
  const plain = text.replace(/^\[(.*)\]$/, "$1");
  const address = parseHost(plain, family);
  const which = family === "ipv4" ? "IPv4" : "IPv6";
  return address ?? complain(`cannot parse ${plain}: resolving to ${which} address failed`);
}

/** `ip`, `ip/cidr` or `from-to`. */
export function readAddresses(text: string, family: Family): AddressSpan {
  const slash = text.indexOf("/");
  if (slash >= 0) {
    const digits = text.slice(slash + 1);
    const most = hostPrefix(family);
    if (!/^\d+$/.test(digits) || Number(digits) > most) complain(`'${digits}' is out of range 0-${most}`);
    const prefix = Number(digits);
    const mask = prefixMask(family, prefix);
    const low = maskAddress(readAddress(text.slice(0, slash), family), mask);
    const high = typeof low === "number" ? low + (0xffffffff - Number(mask)) : low;
    return { low, high, prefix };
  }
  const [from = "", to, ...more] = text.startsWith("[") ? [text] : text.split("-");
  const low = readAddress(from, family);
  if (to === undefined) return { low, high: low, prefix: undefined };
  if (family === "ipv6" || more.length > 0) complain(`plain IP address must be supplied: ${text}`);
  const high = readAddress(to, family);
  return low > high ? { low: high, high: low, prefix: undefined } : { low, high, prefix: undefined };
}

/**
 * The hosts of a span in steps of `step` addresses, as hash_ip4_uadt walks: `mask` is put on the first address, of which
 * a network's other ones are counted.
 */
export function* hostsOf(
  { low, high, prefix }: AddressSpan,
  mask: Address | undefined,
  step: number,
): Iterable<Part> {
  const first = mask === undefined ? low : maskAddress(low, mask);
  if (typeof first === "bigint" || (low === high && prefix === undefined)) {
    yield { kind: "ip", address: first };
    return;
  }
  const network = Number(prefixMask("ipv4", prefix ?? 32));
  const start = (first & network) >>> 0;
  const end = prefix === undefined ? Number(high) : start + (0xffffffff - network);
  for (let address = start; address <= end; address += step) yield { kind: "ip", address };
}

/** The networks that cover a span, largest first where they fit (ip_set_range_to_cidr, pfxlen.c). */
export function* networksOf({ low, high, prefix }: AddressSpan, family: Family): Iterable<Part> {
  if (prefix !== undefined || low === high) {
    yield networkPart(low, prefix ?? hostPrefix(family), family);
    return;
  }
  for (let address = Number(low); address <= Number(high); ) {
    let length = 32;
    while (length > 1) {
      const size = 2 ** (33 - length);
      if (address % size !== 0 || address + size - 1 > Number(high)) break;
      length--;
    }
    yield networkPart(address, length, family);
    address += 2 ** (32 - length);
  }
}
