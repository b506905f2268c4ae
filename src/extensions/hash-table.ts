import { type Formula, stateful } from "../formula/formula.ts";
import type { Context } from "../packet/context.ts";
import type { HashBucket } from "./hash-bucket.ts";
import { hz, jiffiesAt } from "./jiffies.ts";

const ticks = (milliseconds: number): number => Math.ceil((milliseconds * hz) / 1000);

export interface HashTableOptions {
  /** Milliseconds without a packet after which a bucket may go. */
  readonly expire: number;
  /** Milliseconds between two looks for buckets that may go. */
  readonly collect: number;
  /** `--hashlimit-htable-size` and `--hashlimit-htable-max`; 0 where the kernel chooses. */
  readonly size: number;
  readonly max: number;
  /** What its buckets count by: a table has one kind, whatever rules that share it ask. */
  readonly kind: string;
  readonly makeBucket: (jiffies: number) => HashBucket;
  /** The bucket's key; `undefined` where the packet has no ports to read, which drops it. */
  readonly keyOf: (context: Context) => string | undefined;
}

/** How many buckets there may be. Without a size the kernel takes one by its memory, beyond what we would see. */
const mostBuckets = ({ size, max }: HashTableOptions): number =>
  max > 0 ? Math.max(max, size) : size > 0 ? 8 * size : Number.POSITIVE_INFINITY;

/** The buckets of one name, made as the first rule of that name says (struct xt_hashlimit_htable). */
class HashTable {
  readonly #options: HashTableOptions;
  readonly #most: number;
  readonly #entries = new Map<string, { readonly bucket: HashBucket; expires: number }>();
  readonly #start: number;
  #collected: number;

  constructor(options: HashTableOptions, jiffies: number) {
    this.#options = options;
    this.#most = mostBuckets(options);
    this.#start = jiffies;
    this.#collected = jiffies;
  }

  get kind(): string {
    return this.#options.kind;
  }

  /** The packet's bucket, a full one for a new key; `undefined` where the table is full or the packet has no key. */
  bucket(context: Context, jiffies: number): HashBucket | undefined {
    const key = this.#options.keyOf(context);
    if (key === undefined) return undefined;
    this.#collect(jiffies);
    const { expire, makeBucket } = this.#options;
    const expires = jiffies + ticks(expire);
    const entry = this.#entries.get(key);
    if (entry) {
      entry.expires = expires;
      return entry.bucket;
    }
    if (this.#entries.size >= this.#most) return undefined;
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

/**
 * The packet fits into its bucket of the table with this name, which rules share, or does not; one that has none is dropped.
 * `label` names the condition to people.
 */
export const fitsBucket = (
  label: string,
  name: string,
  options: HashTableOptions,
  wanted: boolean,
): Formula =>
  stateful(label, (world) => {
    const table = world.shared(`hashlimit ${name}`, () => new HashTable(options, jiffiesAt(world.now)));
    return (context) => {
      if (table.kind !== options.kind) {
        world.assume(
          `rules with one table of -m hashlimit count ${table.kind} and ${options.kind}: taken as ${table.kind}`,
        );
      }
      const jiffies = jiffiesAt(world.now);
      const bucket = table.bucket(context, jiffies);
      if (bucket) return bucket.take(context.packet.length, jiffies) === wanted;
      context.hotdrop = true;
      return false;
    };
  });
