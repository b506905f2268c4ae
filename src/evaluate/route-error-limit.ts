import { LRUCache } from "lru-cache";
import type { Address } from "../packet/address.ts";

/** Errors that one source may cause at once, and seconds until it may cause another (ip_rt_error_burst, ip_rt_error_cost). */
const burst = 5;
const cost = 1;

interface Bucket {
  /** Seconds of credit. */
  credit: number;
  last: number;
}

/** Sources that are remembered; a guard of memory, Linux forgets by age. */
const mostSources = 65536;

/**
 * How often the host tells one source that there is no way for its packets: ip_error (net/ipv4/route.c) has a token bucket
 * for each source address, full at first. It has nothing to do with net.ipv4.icmp_ratelimit.
 */
export class RouteErrorLimit {
  private readonly buckets = new LRUCache<Address, Bucket>({ max: mostSources });

  /** Whether the error may be sent now (seconds since 1970); if so, it is counted. */
  allows(source: Address, now: number): boolean {
    const bucket = this.buckets.get(source) ?? { credit: burst, last: now };
    bucket.credit = Math.min(burst, bucket.credit + now - bucket.last);
    bucket.last = now;
    this.buckets.set(source, bucket);
    if (bucket.credit < cost) return false;
    bucket.credit -= cost;
    return true;
  }
}
