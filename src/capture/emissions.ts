import { nameWord } from "../formula/word.ts";
import { transportOf } from "./transport.ts";

/** How much of a transport header and what follows tells packets apart. */
const usuallyLooksAt = 64;
/** Of ICMP errors the quoted ports are the last of it: behind them stands the quoted packet's own checksum. */
const looksAtOf: Readonly<Record<number, number>> = { 1: 8 + 20 + 4, 58: 8 + 40 + 4 };
/** Seconds between a packet's being sent and its being captured, at most. */
const longestDelay = 5;

/** Packets that one of the two parts of the memory takes. */
const mostRecent = 32768;

/**
 * What the machine has sent of late. A capture of the interface that a packet leaves by has it once more: that is no
 * packet of its own. Bounded: of many the oldest are forgotten, half of them at once.
 */
export class Emissions {
  private recent = new SentPackets();
  private older = new SentPackets();

  get isEmpty(): boolean {
    return this.recent.size === 0 && this.older.size === 0;
  }

  add(key: number, at: number): void {
    const count = this.countOf(key);
    if (this.recent.size >= mostRecent) {
      const oldest = this.older;
      oldest.clear();
      this.older = this.recent;
      this.recent = oldest;
    }
    this.recent.set(key, count + 1, at);
  }

  /** Whether a packet was sent; each one is seen once. */
  take(key: number, at: number): boolean {
    return this.recent.has(key) ? this.recent.take(key, at) : this.older.take(key, at);
  }

  private countOf(key: number): number {
    return this.recent.has(key) ? this.recent.count(key) : this.older.count(key);
  }
}

/** Keys, each with how often and when it was sent: a hash table of numbers alone, since each packet changes it. */
class SentPackets {
  /** A key that is there stands one higher: 0 is an empty place. Half of the places stay empty. */
  private readonly keys = new Float64Array(2 * mostRecent);
  private readonly counts = new Uint32Array(2 * mostRecent);
  private readonly times = new Float64Array(2 * mostRecent);
  size = 0;

  has(key: number): boolean {
    return this.keys[this.placeOf(key)] !== 0;
  }

  count(key: number): number {
    return this.counts[this.placeOf(key)]!;
  }

  set(key: number, count: number, at: number): void {
    const place = this.placeOf(key);
    if (this.keys[place] === 0) this.size++;
    this.keys[place] = key + 1;
    this.counts[place] = count;
    this.times[place] = at;
  }

  take(key: number, at: number): boolean {
    const place = this.placeOf(key);
    if (this.counts[place] === 0 || at - this.times[place]! > longestDelay) return false;
    this.counts[place]!--;
    return true;
  }

  clear(): void {
    this.keys.fill(0);
    this.counts.fill(0);
    this.size = 0;
  }

  /** Where the key is, or else would be. */
  private placeOf(key: number): number {
    const { keys } = this;
    const last = keys.length - 1;
    let place = (key / secondSize) & last;
    while (keys[place] !== 0 && keys[place] !== key + 1) place = (place + 1) & last;
    return place;
  }
}

/**
 * What stays the same of the IP packet at `packetAt` between what the machine sends and what is captured, as a number of 53 bits: interface, ends and the
 * transport header without its checksum, which offloading leaves open. Id and TTL may differ. FNV-1a with two multipliers.
 */
export function emissionKey(device: string, bytes: Uint8Array, packetAt = 0): number {
  const isIpv4 = bytes[packetAt]! >>> 4 === 4;
  const { protocol, offset } = transportOf(bytes, packetAt);
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
  return (one >>> 0) * secondSize + (two >>> 11);
}

/** What a key has of its second hash. */
const secondSize = 2 ** 21;

const fnvPrime = 0x01000193;
const otherPrime = 0x5bd1e995;
const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2, 136: 6 };
