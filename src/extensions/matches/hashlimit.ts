import { type ArgType, bad, flag, ok } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { readInt } from "../../arg-types/decimal.ts";
import { hashMode } from "../../arg-types/hash-mode.ts";
import {
  byteLifetime,
  type HashRate,
  hashBurst,
  hashRate,
  printedUnitSeconds,
} from "../../arg-types/hash-rate.ts";
import { integer } from "../../arg-types/integer.ts";
import { loosePrefix } from "../../arg-types/loose-prefix.ts";
import { badValueMessage } from "../../arg-types/option-message.ts";
import { stateful, unknown } from "../../formula/formula.ts";
import { type Arg, defineMatch, type Problem } from "../extension.ts";
import { ByteBucket, PacketBucket, packetBucketSize } from "../hash-bucket.ts";
import { hashKey } from "../hash-key.ts";
import { HashTable } from "../hash-table.ts";
import { jiffiesAt } from "../jiffies.ts";

const u32 = integer({ min: 0, max: 0xffffffff });
/** Kept with a sign; what stands behind the number is not looked at. */
const rateInterval: ArgType<number> = {
  ...integer({ min: 1, max: 0x7fffffff, placeholder: "seconds" }),
  parse([text = ""], site) {
    const value = readInt(text);
    return value > 0 ? ok(value) : bad(badValueMessage(site, text));
  },
};
const milliseconds = integer({ min: 0, max: 0xffffffff, placeholder: "milliseconds" });
const at = <V>(value: V): Arg<V> => ({ value, inverted: false });
/** What the kernel makes of larger tables (HASHLIMIT_MAX_SIZE). */
const mostBuckets = 1048576;
const atMost = (most: number, arg: Arg<number>): Arg<number> => at(Math.min(most, arg.value));

/** With `--hashlimit-rate-match` a rate counts packets in an interval, and iptables writes it as so many a second. */
const perInterval = (rate: HashRate): HashRate =>
  rate.kind === "bytes" ? rate : { ...rate, period: Math.floor(rate.period / rate.unit), unit: 1 };

/**
 * A burst in bytes is kept as how often the rate's bytes go into it, rounded up. iptables-save has 32 bits for it, and
 * prints no less than the rate where something is left.
 */
function roundBurst(bytes: number, rate: number): number {
  const left = (Math.ceil(bytes / rate) * rate) % 2 ** 32;
  return left === 0 ? 0 : Math.max(left, rate);
}

/** iptables-save leaves out a burst of which nothing is left. */
const keptBurst = (bytes: number) => (bytes === 0 ? undefined : { "hashlimit-burst": at({ bytes }) });

export const hashlimit = defineMatch({
  name: "hashlimit",
  summary: "Matches a limited rate for each address, port or pair of them: a token bucket for each",
  remembers: true,
  options: {
    "hashlimit-upto": {
      arg: hashRate,
      help: "match below this rate",
      aliases: ["hashlimit"],
      invertible: true,
      excludes: ["hashlimit-above"],
    },
    "hashlimit-above": { arg: hashRate, help: "match above this rate", invertible: true },
    "hashlimit-burst": { arg: hashBurst, help: "packets or bytes that go through at once before" },
    "hashlimit-mode": { arg: hashMode, help: "what gets a bucket of its own; all share one without" },
    "hashlimit-name": {
      arg: bareString("name", 254, ["ssh"]),
      help: "the table of buckets, which rules can share",
    },
    "hashlimit-htable-size": { arg: u32, help: "size of the hash table", fallback: 0, omitFallback: true },
    "hashlimit-htable-max": {
      arg: u32,
      help: "how many buckets there may be",
      fallback: 0,
      omitFallback: true,
    },
    "hashlimit-htable-gcinterval": {
      arg: milliseconds,
      help: "how often unused buckets are looked for",
      fallback: 1000,
      omitFallback: true,
    },
    "hashlimit-htable-expire": { arg: milliseconds, help: "how long a bucket may be unused" },
    "hashlimit-srcmask": {
      arg: loosePrefix,
      help: "prefix length put on sources",
      fallback: "host",
      omitFallback: true,
    },
    "hashlimit-dstmask": {
      arg: loosePrefix,
      help: "prefix length put on destinations",
      fallback: "host",
      omitFallback: true,
    },
    "hashlimit-rate-match": { arg: flag, help: "take the rate as it is, without burst" },
    "hashlimit-rate-interval": {
      arg: rateInterval,
      help: "how long the rate is measured; the rate's own unit unless told",
    },
  },
  normalize({ "hashlimit-upto": upto, "hashlimit-above": above, "hashlimit-burst": burst, ...args }) {
    const rate = upto ?? above;
    const {
      "hashlimit-mode": mode,
      "hashlimit-htable-expire": expire,
      "hashlimit-rate-interval": interval,
      ...rest
    } = args;
    if (rate === undefined) return args;
    const isAbove = (upto === undefined) !== rate.inverted;
    const isBytes = rate.value.kind === "bytes";
    const unit = rate.value.kind === "packets" ? rate.value.unit : 1;
    const lifetime = expire?.value ?? (isBytes ? byteLifetime(burst !== undefined) : unit) * 1000;
    const isRateMatch = args["hashlimit-rate-match"] !== undefined;
    const kept = isRateMatch ? perInterval(rate.value) : rate.value;
    const measured = isRateMatch ? (interval?.value ?? unit) : 1;
    const bytes = typeof burst?.value === "object" ? burst.value.bytes : undefined;
    const fitting =
      rate.value.kind === "packets"
        ? { "hashlimit-burst": at(bytes ?? burst?.value ?? 5) }
        : bytes !== undefined && bytes >= rate.value.bytes && rate.value.bytes > 0
          ? keptBurst(roundBurst(bytes, rate.value.bytes))
          : burst && { "hashlimit-burst": burst };
    const printed = printedUnitSeconds(kept, fitting?.["hashlimit-burst"] !== undefined);
    return {
      ...rest,
      [isAbove ? "hashlimit-above" : "hashlimit-upto"]: at(kept),
      ...fitting,
      ...(mode && mode.value.length > 0 ? { "hashlimit-mode": mode } : {}),
      ...(lifetime === printed * 1000 ? {} : { "hashlimit-htable-expire": at(lifetime) }),
      "hashlimit-htable-size": atMost(mostBuckets, args["hashlimit-htable-size"]),
      "hashlimit-htable-max": atMost(mostBuckets, args["hashlimit-htable-max"]),
      ...(measured === 1 ? {} : { "hashlimit-rate-interval": at(measured) }),
    };
  },
  check(args) {
    const rate = (args["hashlimit-upto"] ?? args["hashlimit-above"])?.value;
    const burst = args["hashlimit-burst"]?.value;
    const name = args["hashlimit-name"]?.value;
    if (rate === undefined) return [{ code: "option-missing", message: "You have to specify --hashlimit" }];
    if (name === undefined) {
      return [{ code: "option-missing", message: 'hashlimit: option "--hashlimit-name" must be specified' }];
    }
    if (name === "")
      return [{ code: "bad-value", message: "Argument must have a minimum length of 1 characters" }];
    if (
      rate.kind === "bytes" &&
      burst !== undefined &&
      (typeof burst === "number" || burst.bytes < rate.bytes)
    ) {
      return [
        {
          code: "bad-value",
          message: `burst cannot be smaller than ${rate.bytes}b`,
          option: "hashlimit-burst",
        },
      ];
    }
    const refuses = (message: string): Problem => ({ code: "kernel-refuses", message, kernel: true });
    const problems: Problem[] = [];
    if (args["hashlimit-htable-gcinterval"].value === 0) problems.push(refuses("an interval of 0"));
    if (args["hashlimit-htable-expire"]?.value === 0) problems.push(refuses("an expiry of 0"));
    for (const option of ["hashlimit-srcmask", "hashlimit-dstmask"] as const) {
      if (args[option].value === "gaps") problems.push({ ...refuses("a mask with gaps"), option });
    }
    if (/^\.\.?$|\//.test(name)) problems.push(refuses("the name cannot be a file's"));
    if (args["hashlimit-rate-match"]) {
      const invalid = {
        ...refuses("the rate is too fast to be kept"),
        iptables: "Numerical result out of range.",
      };
      if (rate.kind === "packets" && rate.period === 0) problems.push(invalid);
    } else if (rate.kind === "packets" && typeof burst === "number") {
      const { cost, cap } = packetBucketSize(rate.period, burst);
      const overflow = refuses("rate and burst overflow the kernel's counter");
      if (cap < cost) problems.push({ ...overflow, iptables: "Numerical result out of range." });
    }
    return problems;
  },
  meaning(args, { family }) {
    const upto = args["hashlimit-upto"];
    const rate = (upto ?? args["hashlimit-above"])?.value;
    const burst = args["hashlimit-burst"]?.value;
    const name = args["hashlimit-name"]?.value ?? "";
    if (rate === undefined || args["hashlimit-rate-match"]) {
      return unknown(
        `match \`hashlimit\` with --hashlimit-rate-match is not modelled; taken as not matching`,
      );
    }
    const site = { family, protocol: undefined };
    const size = args["hashlimit-htable-size"].value;
    const max = args["hashlimit-htable-max"].value;
    const options = {
      expire: args["hashlimit-htable-expire"]?.value ?? printedUnitSeconds(rate, burst !== undefined) * 1000,
      collect: args["hashlimit-htable-gcinterval"].value,
      // without a size the kernel takes one by its memory, beyond what we would see
      max: max === 0 ? (size === 0 ? Number.POSITIVE_INFINITY : 8 * size) : Math.max(max, size),
      makeBucket: (jiffies: number) =>
        rate.kind === "packets"
          ? new PacketBucket(rate.period, typeof burst === "number" ? burst : 5, jiffies)
          : new ByteBucket(rate.bytes, typeof burst === "object" ? burst.bytes / rate.bytes : 0, jiffies),
      keyOf: hashKey(
        args["hashlimit-mode"]?.value ?? [],
        args["hashlimit-srcmask"].value,
        args["hashlimit-dstmask"].value,
        family,
      ),
    };
    const label = `rate ${upto ? "up to" : "above"} ${hashRate.print(rate, site)} of ${name}`;
    return stateful(label, (world) => {
      const make = () => new HashTable(options, jiffiesAt(world.now));
      const table = world.shared(`hashlimit ${family} ${name}`, make);
      return (context) => {
        const jiffies = jiffiesAt(world.now);
        const key = table.keyOf(context);
        const bucket = key === undefined ? undefined : table.bucket(key, jiffies);
        if (bucket === undefined) {
          context.hotdrop = true;
          return false;
        }
        return bucket.take(context.packet.length, jiffies) === (upto !== undefined);
      };
    });
  },
  examples: [
    {
      rule: "-p tcp --dport 22 -m hashlimit --hashlimit 3/min --hashlimit-mode srcip --hashlimit-name ssh -j ACCEPT",
      saves:
        "-p tcp -m tcp --dport 22 -m hashlimit --hashlimit-upto 3/min --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name ssh -j ACCEPT",
    },
    {
      rule: "-m hashlimit --hashlimit-above 512kb/s --hashlimit-burst 1mb --hashlimit-mode dstip --hashlimit-name down",
      saves: "=",
    },
    { rule: "-m hashlimit --hashlimit-upto 5/s", refused: "option-missing" },
    { rule: "-m hashlimit --hashlimit-upto 1/day --hashlimit-name slow", refused: "kernel-refuses" },
    { rule: "-m hashlimit --hashlimit-upto 5/x --hashlimit-name x", refused: "bad-value" },
  ],
});
