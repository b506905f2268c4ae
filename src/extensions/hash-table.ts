import type { Context } from "../packet/context.ts";
import type { HashBucket } from "./hash-bucket.ts";
import { hz } from "./jiffies.ts";

const ticks = (milliseconds: number): number => Math.ceil((milliseconds * hz) / 1000);

export interface HashTableOptions {
  /** Milliseconds without a packet after which a bucket may go. */
  readonly expire: number;
  /** Milliseconds between two looks for buckets that may go. */
  readonly collect: number;
  /** The number of buckets; a packet that would need one more is dropped. */
  readonly max: number;
  readonly makeBucket: (jiffies: number) => HashBucket;
  /** The bucket's key; `undefined` where the packet has no ports to read, which drops it. */
  readonly keyOf: (context: Context) => string | undefined;
}

/** The buckets of one name, made as the first rule of that name says (struct xt_hashlimit_htable). */
export class HashTable {
  readonly keyOf: HashTableOptions["keyOf"];
  readonly #options: HashTableOptions;
  readonly #entries = new Map<string, { readonly bucket: HashBucket; expires: number }>();
  readonly #start: number;
  #collected: number;

  constructor(options: HashTableOptions, jiffies: number) {
    this.#options = options;
    this.keyOf = options.keyOf;
    this.#start = jiffies;
    this.#collected = jiffies;
  }

  /** The key's bucket, a full one for a new key; `undefined` where the table is full. */
  bucket(key: string, jiffies: number): HashBucket | undefined {
    this.#collect(jiffies);
    const { expire, max, makeBucket } = this.#options;
    const expires = jiffies + ticks(expire);
    const entry = this.#entries.get(key);
    if (entry) {
      entry.expires = expires;
      return entry.bucket;
    }
    if (this.#entries.size >= max) return undefined;
    const bucket = makeBucket(jiffies);
    this.#entries.set(key, { bucket, expires });
    return bucket;
  }

  /** Does what the kernel's worker did at its last turn up to now. The kernel's is deferrable and may come late. */
  #collect(jiffies: number): void {
    const interval = ticks(this.#options.collect);
    const turn = jiffies - ((jiffies - this.#start) % interval);
    if (turn <= this.#collected) return;
    this.#collected = turn;
    for (const [key, { expires }] of this.#entries) if (turn >= expires) this.#entries.delete(key);
  }
}
