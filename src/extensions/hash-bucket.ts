import { chunkCost, hashScale } from "../arg-types/hash-rate.ts";
import { hz } from "./jiffies.ts";

/**
 * xt_hashlimit.c counts packets in 64-bit credits: 2^39 in a tick, the largest power of two that lets a rate of one a day
 * fit. A period's credits are the period times the whole part of credits in its unit.
 */
const creditsPerJiffy = 1n << 39n;
const creditsPerUnit = (BigInt(hz) * creditsPerJiffy) / BigInt(hashScale);
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

export interface HashBucket {
  /** Whether a packet of this many bytes fits; what it takes is gone then. */
  take(length: number, jiffies: number): boolean;
}

/** What one packet costs and what a full bucket holds; both wrap as the kernel's do. */
export const packetBucketSize = (period: number, burst: number): { cost: bigint; cap: bigint } => ({
  cost: u64(BigInt(period) * creditsPerUnit),
  cap: u64(BigInt(period) * BigInt(burst) * creditsPerUnit),
});

/** A bucket of packets, full at first. */
export class PacketBucket implements HashBucket {
  readonly #cost: bigint;
  readonly #cap: bigint;
  #credit: bigint;
  #previous: number;

  constructor(period: number, burst: number, jiffies: number) {
    const { cost, cap } = packetBucketSize(period, burst);
    this.#cost = cost;
    this.#cap = cap;
    this.#credit = cap;
    this.#previous = jiffies;
  }

  take(_: number, jiffies: number): boolean {
    this.#credit = u64(this.#credit + BigInt(jiffies - this.#previous) * creditsPerJiffy);
    this.#previous = jiffies;
    if (this.#credit > this.#cap) this.#credit = this.#cap;
    if (this.#credit < this.#cost) return false;
    this.#credit -= this.#cost;
    return true;
  }
}

/** Credits of a byte bucket in a tick: the largest power of two of which a second's fit 32 bits. */
const byteCreditsPerJiffy = 2 ** Math.floor(Math.log2(0xffffffff / hz));
const byteCap = byteCreditsPerJiffy * hz;

/** A bucket of bytes: one second's worth, which may be filled up at once as often as the burst allows. */
export class ByteBucket implements HashBucket {
  readonly #cost: number;
  #refills: number;
  #credit = byteCap;
  #previous: number;

  constructor(bytes: number, burst: number, jiffies: number) {
    this.#cost = Number((BigInt(chunkCost(bytes)) * BigInt(byteCap)) >> 32n);
    this.#refills = burst;
    this.#previous = jiffies;
  }

  take(length: number, jiffies: number): boolean {
    this.#credit = Math.min(this.#credit + (jiffies - this.#previous) * byteCreditsPerJiffy, byteCap);
    this.#previous = jiffies;
    const cost = Math.min((Math.floor(length / 16) + 1) * this.#cost, byteCap);
    if (this.#credit < cost && this.#refills > 0) {
      this.#refills--;
      this.#credit = byteCap;
    }
    if (this.#credit < cost) return false;
    this.#credit -= cost;
    return true;
  }
}
