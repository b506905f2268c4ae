import { rateScale } from "../arg-types/rate.ts";
import { hz } from "./jiffies.ts";

/**
 * Credits that a bucket gains in one tick: the largest power of two with which a rate of one a day still fits 32 bits
 * (CREDITS_PER_JIFFY, xt_limit.c and xt_hashlimit.c).
 */
export const creditsPerJiffy = 2 ** Math.floor(Math.log2(0xffffffff / (hz * 86400)));

/** The kernel's 32-bit product. */
const product = (a: number, b: number): number => Math.imul(a, b) >>> 0;

/** 1/10000 s as credits (user2credits): large values lose their fraction first so that 32 bits hold them. */
export function userToCredits(user: number): number {
  const perSecond = hz * creditsPerJiffy;
  return user > 0xffffffff / perSecond
    ? product(Math.floor(user / rateScale), perSecond)
    : Math.floor(product(user, perSecond) / rateScale);
}

/** What a packet costs and how much a bucket holds, for one packet in `period` 1/10000 s and a burst of packets. */
export const bucketSize = (period: number, burst: number): { cost: number; cap: number } => ({
  cost: userToCredits(period),
  cap: userToCredits(product(period, burst)),
});

/** A token bucket that is full at its start (xt_limit.c): all in whole ticks and 32-bit credits. */
export class TokenBucket {
  readonly #cost: number;
  readonly #cap: number;
  #credit: number;
  #previous: number;

  constructor(period: number, burst: number, jiffies: number) {
    const { cost, cap } = bucketSize(period, burst);
    this.#cost = cost;
    this.#cap = cap;
    this.#credit = cap;
    this.#previous = jiffies;
  }

  /** Takes one packet's credit if there is enough. */
  take(jiffies: number): boolean {
    const gained = product(jiffies - this.#previous, creditsPerJiffy);
    this.#previous = jiffies;
    this.#credit = Math.min((this.#credit + gained) >>> 0, this.#cap);
    if (this.#credit < this.#cost) return false;
    this.#credit -= this.#cost;
    return true;
  }
}
