import { nameWord } from "../formula/word.ts";
import { findTransport } from "../packet/ipv6-extension-headers.ts";

/** How much of a transport header and what follows tells packets apart. */
const usuallyLooksAt = 64;
/** Of ICMP errors the quoted ports are the last of it: behind them stands the quoted packet's own checksum. */
const looksAtOf: Readonly<Record<number, number>> = { 1: 8 + 20 + 4, 58: 8 + 40 + 4 };
/** Seconds between a packet's being sent and its being captured, at most. */
const longestDelay = 5;

/** Packets that one of the two parts of the memory takes. */
const mostRecent = 32768;

interface Sent {
  count: number;
  at: number;
}

/**
 * What the machine has sent of late. A capture of the interface that a packet leaves by has it once more: that is no
 * packet of its own. Bounded: of many the oldest are forgotten, half of them at once.
 */
export class Emissions {
  private recent = new Map<number, Sent>();
  private older = new Map<number, Sent>();

  get isEmpty(): boolean {
    return this.recent.size === 0 && this.older.size === 0;
  }

  add(key: number, at: number): void {
    const sent = this.find(key);
    if (this.recent.size >= mostRecent) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(key, { count: (sent?.count ?? 0) + 1, at });
  }

  /** Whether a packet was sent; each one is seen once. */
  take(key: number, at: number): boolean {
    const found = this.find(key);
    if (!found || found.count === 0 || at - found.at > longestDelay) return false;
    found.count--;
    return true;
  }

  private find(key: number): Sent | undefined {
    return this.recent.get(key) ?? this.older.get(key);
  }
}

/**
 * What stays the same of the IP packet at `packetAt` between what the machine sends and what is captured, as a number of 53 bits: interface, ends and the
 * transport header without its checksum, which offloading leaves open. Id and TTL may differ. FNV-1a with two multipliers.
 */
export function emissionKey(device: string, bytes: Uint8Array, packetAt = 0): number {
  const isIpv4 = bytes[packetAt]! >>> 4 === 4;
  const { protocol, offset } = isIpv4 ? transport4(bytes, packetAt) : findTransport(bytes.subarray(packetAt));
  const transportOffset = packetAt + offset;
  const from = packetAt + (isIpv4 ? 12 : 8);
  const to = packetAt + (isIpv4 ? 20 : 40);
  const looksAt = looksAtOf[protocol] ?? usuallyLooksAt;
  const checksum = transportOffset + (checksumAt[protocol] ?? looksAt);
  const end = Math.min(bytes.length, transportOffset + looksAt);
  const start = nameWord(device) ^ Math.imul((bytes.length - packetAt) * 256 + protocol, fnvPrime);
  let one = start;
  let two = ~start;
  for (let at = from; at < to; at++) {
    one = Math.imul(one ^ bytes[at]!, fnvPrime);
    two = Math.imul(two ^ bytes[at]!, otherPrime);
  }
  for (let at = transportOffset; at < end; at++) {
    if (at === checksum || at === checksum + 1) continue;
    one = Math.imul(one ^ bytes[at]!, fnvPrime);
    two = Math.imul(two ^ bytes[at]!, otherPrime);
  }
  return (one >>> 0) * 2 ** 21 + (two >>> 11);
}

const transport4 = (bytes: Uint8Array, at: number) => ({
  protocol: bytes[at + 9]!,
  offset: (bytes[at]! & 15) * 4,
});

const fnvPrime = 0x01000193;
const otherPrime = 0x5bd1e995;
const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2, 136: 6 };
