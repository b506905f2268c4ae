import {
  byteLifetime,
  type HashBurst,
  type HashRate,
  hashRate,
  hashScale,
  printedUnitSeconds,
  roundedBurst,
} from "../arg-types/hash-rate.ts";
import type { Family } from "../packet/address.ts";
import { ByteBucket, type HashBucket, PacketBucket, packetBucketSize } from "./hash-bucket.ts";
import { RateWindow } from "./rate-window.ts";

/** What `-m hashlimit` lets through of one bucket. */
export interface HashLimit {
  readonly rate: HashRate;
  /** Absent: what the rate itself allows at once. */
  readonly burst?: HashBurst | undefined;
  /** Milliseconds without a packet after which a bucket may go; absent: so long as the unit that the rate is printed in. */
  readonly expire?: number | undefined;
  /** With `--hashlimit-rate-match`: seconds in which the rate is measured. */
  readonly interval?: number | undefined;
}

const usualBurst = 5;

/** Packets in an interval. */
const packetsOf = (period: number): number => Math.floor(hashScale / period);

/** For people. */
export function limitText({ rate, interval }: HashLimit, family: Family): string {
  if (interval === undefined) return hashRate.print(rate, { family, protocol: undefined });
  const count = rate.kind === "bytes" ? `${rate.bytes} bytes` : `${packetsOf(rate.period)} packets`;
  return `${count} in ${interval} s`;
}

/** How libxt_hashlimit hands a limit to the kernel, and lists it. */
export function keptLimit({ rate, burst, expire, interval }: HashLimit): HashLimit {
  const lifetime = expire ?? (rate.kind === "bytes" ? byteLifetime(burst !== undefined) : rate.unit) * 1000;
  const kept = { rate: interval === undefined ? rate : inInterval(rate), burst: keptBurst(rate, burst) };
  return { ...kept, expire: lifetime === printedLifetime(kept) ? undefined : lifetime, interval };
}

/** A rate in an interval is packets an interval, which iptables writes as so many a second. */
const inInterval = (rate: HashRate): HashRate =>
  rate.kind === "bytes" ? rate : { ...rate, period: Math.floor(rate.period / rate.unit), unit: 1 };

/** A burst of which nothing is left is not listed. */
function keptBurst(rate: HashRate, burst: HashBurst | undefined): HashBurst | undefined {
  const bytes = typeof burst === "object" ? burst.bytes : undefined;
  if (rate.kind === "packets") return bytes ?? burst ?? usualBurst;
  if (bytes === undefined || rate.bytes === 0 || bytes < rate.bytes) return burst;
  const rounded = roundedBurst(bytes, rate.bytes);
  return rounded === 0 ? undefined : { bytes: rounded };
}

const printedLifetime = ({ rate, burst }: HashLimit): number =>
  printedUnitSeconds(rate, burst !== undefined) * 1000;

/** Milliseconds without a packet after which a bucket may go. */
export const lifetimeOf = (limit: HashLimit): number => limit.expire ?? printedLifetime(limit);

/** libxt_hashlimit's words for a burst that does not hold a second's bytes. */
export function tooSmallBurst({ rate, burst }: HashLimit): string | undefined {
  if (rate.kind === "packets" || burst === undefined) return undefined;
  const fits = typeof burst === "object" && burst.bytes >= rate.bytes;
  return fits ? undefined : `burst cannot be smaller than ${rate.bytes}b`;
}

/** What the kernel cannot keep of a limit; iptables then says `Numerical result out of range`. */
export function overflowOf({ rate, burst, interval }: HashLimit): string | undefined {
  if (rate.kind === "bytes") return undefined;
  if (interval !== undefined) return rate.period === 0 ? "the rate is too fast to be kept" : undefined;
  if (typeof burst !== "number") return undefined;
  const { cost, cap } = packetBucketSize(rate.period, burst);
  return cap < cost ? "rate and burst overflow the kernel's counter" : undefined;
}

/** What a limit's buckets count. */
export const kindOf = ({ rate, interval }: HashLimit): string =>
  interval === undefined ? rate.kind : `${rate.kind} in intervals`;

/** A bucket as it is for the first packet of its key. */
export function makeBucket({ rate, burst, interval }: HashLimit, jiffies: number): HashBucket {
  if (rate.kind === "bytes") {
    const { bytes } = rate;
    const atOnce = typeof burst === "object" ? burst.bytes : undefined;
    return interval === undefined
      ? new ByteBucket(bytes, (atOnce ?? 0) / bytes, jiffies)
      : new RateWindow({ counts: "bytes", rate: bytes, most: atOnce ?? bytes, interval }, jiffies);
  }
  const packets = typeof burst === "number" ? burst : usualBurst;
  if (interval === undefined) return new PacketBucket(rate.period, packets, jiffies);
  const perInterval = packetsOf(rate.period);
  return new RateWindow(
    { counts: "packets", rate: perInterval, most: perInterval + packets, interval },
    jiffies,
  );
}
