import { LRUCache } from "lru-cache";
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
  private readonly recent = new LRUCache<string, { count: number; at: number }>({ max: 65536 });

  get isEmpty(): boolean {
    return this.recent.size === 0;
  }

  add(key: string, at: number): void {
    this.recent.set(key, { count: (this.recent.get(key)?.count ?? 0) + 1, at });
  }

  /** Whether a packet was sent; each one is seen once. */
  take(key: string, at: number): boolean {
    const found = this.recent.get(key);
    if (!found || found.count === 0 || at - found.at > longestDelay) return false;
    found.count--;
    return true;
  }
}

/**
 * What stays the same between what the machine sends and what is captured: interface, ends and the transport header
 * without its checksum, which offloading leaves open. Id and TTL may differ. FNV-1a, twice.
 */
export function emissionKey(device: string, bytes: Uint8Array): string {
  const packet = new Packet(bytes);
  let one = 0x811c9dc5;
  let two = 0x050c5d1f;
  const add = (byte: number): void => {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte, 0x01000193) + 1;
  };
  const { protocol, transportOffset } = packet;
  const [from, to] = packet.family === "ipv4" ? [12, 20] : [8, 40];
  for (let at = from; at < to; at++) add(bytes[at] ?? 0);
  const looksAt = looksAtOf[protocol] ?? usuallyLooksAt;
  const checksum = transportOffset + (checksumAt[protocol] ?? looksAt);
  const end = Math.min(bytes.length, transportOffset + looksAt);
  for (let at = transportOffset; at < end; at++) if (at !== checksum && at !== checksum + 1) add(bytes[at]!);
  return `${device}/${protocol}/${bytes.length}/${one >>> 0}/${two >>> 0}`;
}

const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6, 58: 2, 136: 6 };
