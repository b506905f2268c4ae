import { nameWord } from "../formula/word.ts";
import { SentPackets, secondSize } from "./sent-packets.ts";
import { transportOf } from "./transport.ts";

/** How much of a transport header and what follows tells packets apart. */
const usuallyLooksAt = 64;
/** Of ICMP errors the quoted ports are the last of it: behind them stands the quoted packet's own checksum. */
const icmpLooksAt = 8 + 20 + 4;
const icmpv6LooksAt = 8 + 40 + 4;

const looksAtOf = (protocol: number): number =>
  protocol === 1 ? icmpLooksAt : protocol === 58 ? icmpv6LooksAt : usuallyLooksAt;

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
    if (this.recent.size >= mostRecent) {
      const oldest = this.older;
      oldest.clear();
      this.older = this.recent;
      this.recent = oldest;
    }
    this.recent.add(key, at);
  }

  /** Whether a packet was sent; each one is seen once. */
  take(key: number, at: number): boolean {
    return this.recent.take(key, at) || this.older.take(key, at);
  }
}

/**
 * What stays the same of the IP packet at `packetAt` between what the machine sends and what is captured, as a number of 53 bits:
 * interface, ends and the transport header without its checksum, which offloading leaves open. Id and TTL may differ. Two hashes
 * of 32-bit words, by multiplying and shifting.
 */
export function emissionKey(device: string, bytes: Uint8Array, packetAt = 0): number {
  const isIpv4 = bytes[packetAt]! >>> 4 === 4;
  const { protocol, offset } = transportOf(bytes, packetAt);
  const transportOffset = packetAt + offset;
  const from = packetAt + (isIpv4 ? 12 : 8);
  const to = packetAt + (isIpv4 ? 20 : 40);
  const looksAt = looksAtOf(protocol);
  const end = Math.min(bytes.length, transportOffset + looksAt);
  const checksum = checksumAt[protocol] ?? looksAt;
  // the word that has the checksum in its one half
  const checksumWord = transportOffset + (checksum & ~3);
  const besideChecksum = checksum & 2 ? 0xffff0000 : 0x0000ffff;
  let one = nameWord(device) ^ Math.imul((bytes.length - packetAt) * 256 + protocol, onePrime);
  let two = ~one;
  for (let at = from; at < to; at += 4) {
    const word = wordAt(bytes, at);
    one = mix(one ^ word, onePrime);
    two = mix(two ^ word, otherPrime);
  }
  for (let at = transportOffset; at < end; at += 4) {
    const word = at === checksumWord ? wordAt(bytes, at) & besideChecksum : wordAt(bytes, at);
    one = mix(one ^ word, onePrime);
    two = mix(two ^ word, otherPrime);
  }
  return (one >>> 0) * secondSize + (two >>> 11);
}

function mix(hash: number, prime: number): number {
  const product = Math.imul(hash, prime);
  return product ^ (product >>> 15);
}

/** Four bytes; zeros where the packet has ended. */
const wordAt = (bytes: Uint8Array, at: number): number =>
  at + 4 <= bytes.length
    ? (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    : ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8);

const onePrime = 0x01000193;
const otherPrime = 0x5bd1e995;
const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2, 136: 6 };
