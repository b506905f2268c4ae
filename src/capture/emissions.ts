import { LRUCache } from "lru-cache";
import { nameWord } from "../formula/word.ts";
import { Packet } from "../packet/packet.ts";

/** How much of a transport header and what follows tells packets apart. */
const usuallyLooksAt = 64;
/** Of ICMP errors the quoted ports are the last of it: behind them stands the quoted packet's own checksum. */
const looksAtOf: Readonly<Record<number, number>> = { 1: 8 + 20 + 4, 58: 8 + 40 + 4 };
/** Seconds between a packet's being sent and its being captured, at most. */
const longestDelay = 5;

/**
 * What the machine has sent of late. A capture of the interface that a packet leaves by has it once more: that is no
 * packet of its own. Bounded: of many the oldest are forgotten.
 */
export class Emissions {
  private readonly recent = new LRUCache<number, { count: number; at: number }>({ max: 65536 });

  get isEmpty(): boolean {
    return this.recent.size === 0;
  }

  add(key: number, at: number): void {
    this.recent.set(key, { count: (this.recent.get(key)?.count ?? 0) + 1, at });
  }

  /** Whether a packet was sent; each one is seen once. */
  take(key: number, at: number): boolean {
    const found = this.recent.get(key);
    if (!found || found.count === 0 || at - found.at > longestDelay) return false;
    found.count--;
    return true;
  }
}

/**
 * What stays the same between what the machine sends and what is captured, as a number of 53 bits: interface, ends and the
 * transport header without its checksum, which offloading leaves open. Id and TTL may differ. FNV-1a with two multipliers.
 */
export function emissionKey(device: string, bytes: Uint8Array): number {
  const packet = new Packet(bytes);
  const { protocol, transportOffset } = packet;
  const [from, to] = packet.family === "ipv4" ? [12, 20] : [8, 40];
  const looksAt = looksAtOf[protocol] ?? usuallyLooksAt;
  const checksum = transportOffset + (checksumAt[protocol] ?? looksAt);
  const end = Math.min(bytes.length, transportOffset + looksAt);
  const start = nameWord(device) ^ Math.imul(bytes.length * 256 + protocol, fnvPrime);
  let [one, two] = [start, ~start];
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

const fnvPrime = 0x01000193;
const otherPrime = 0x5bd1e995;
const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2, 136: 6 };
