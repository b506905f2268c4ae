import type { HashBucket } from "./hash-bucket.ts";
import { hz } from "./jiffies.ts";

/** What a rate of `--hashlimit-rate-match` is measured by: packets, or bytes of the IP packet. */
export interface WindowRate {
  readonly counts: "packets" | "bytes";
  /** So many in an interval. */
  readonly rate: number;
  /** How much of an interval passes: the rate and its burst. */
  readonly most: number;
  /** Seconds. */
  readonly interval: number;
}

/**
 * `--hashlimit-rate-match`: all that comes is counted, in intervals that each begin with the first packet behind the one
 * before. Nothing fits into an interval behind one that had too much, whatever passed of it (rateinfo_recalc in xt_hashlimit.c).
 */
export class RateWindow implements HashBucket {
  readonly #counts: WindowRate["counts"];
  readonly #rate: bigint;
  readonly #most: number;
  /** Ticks; the kernel multiplies in 32 bits. */
  readonly #interval: number;
  #start: number;
  #current = 0;
  #wasOver = false;

  constructor({ counts, rate, most, interval }: WindowRate, jiffies: number) {
    this.#counts = counts;
    this.#rate = BigInt(rate);
    this.#most = most;
    this.#interval = Math.imul(interval, hz) >>> 0;
    this.#start = jiffies;
  }

  take(length: number, jiffies: number): boolean {
    const ticks = jiffies - this.#start;
    if (ticks > 0 && ticks >= this.#interval) {
      const came = BigInt.asUintN(64, BigInt(this.#current) * BigInt(this.#interval));
      this.#wasOver = came > BigInt.asUintN(64, BigInt(ticks) * this.#rate);
      this.#start = jiffies;
      this.#current = 0;
    }
    this.#current += this.#counts === "packets" ? 1 : length;
    return !this.#wasOver && this.#current <= this.#most;
  }
}
