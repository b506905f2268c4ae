import { flag } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { hashMode } from "../../arg-types/hash-mode.ts";
import { hashBurst, hashRate } from "../../arg-types/hash-rate.ts";
import { integer } from "../../arg-types/integer.ts";
import { loosePrefix } from "../../arg-types/loose-prefix.ts";
import { rateInterval } from "../../arg-types/rate-interval.ts";
import { never } from "../../formula/formula.ts";
import { type Arg, defineMatch, type Problem } from "../extension.ts";
import { hashKey } from "../hash-key.ts";
import { kindOf, lifetimeOf, limitText, makeBucket, overflowOf, tooSmallBurst } from "../hash-limit.ts";
import { keptLimitArgs, limitOf } from "../hash-limit-args.ts";
import { fitsBucket } from "../hash-table.ts";
import { plain } from "../plain-arg.ts";
import { badValue, iptablesSays, kernelRefuses, missing } from "../problem.ts";

const u32 = integer({ min: 0, max: 0xffffffff });
const milliseconds = integer({ min: 0, max: 0xffffffff, placeholder: "milliseconds" });
const ofHost = { arg: loosePrefix, fallback: "host", omitFallback: true } as const;
/** What the kernel makes of larger tables (HASHLIMIT_MAX_SIZE). */
const largest = 1048576;

const atMost = (most: number, { value }: Arg<number>): Arg<number> => plain(Math.min(most, value));

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
    "hashlimit-srcmask": { ...ofHost, help: "prefix length put on sources" },
    "hashlimit-dstmask": { ...ofHost, help: "prefix length put on destinations" },
    "hashlimit-rate-match": { arg: flag, help: "count all packets in intervals, in place of a token bucket" },
    "hashlimit-rate-interval": {
      arg: rateInterval,
      help: "how long the rate is measured; the rate's own unit unless told",
    },
  },
  normalize(args) {
    const { "hashlimit-mode": mode, ...others } = args;
    return {
      ...keptLimitArgs(others),
      ...(mode && mode.value.length > 0 && { "hashlimit-mode": mode }),
      "hashlimit-htable-size": atMost(largest, args["hashlimit-htable-size"]),
      "hashlimit-htable-max": atMost(largest, args["hashlimit-htable-max"]),
    };
  },
  check(args) {
    const limit = limitOf(args);
    const name = args["hashlimit-name"]?.value;
    if (!limit) return [missing("You have to specify --hashlimit")];
    if (name === undefined) return [missing('hashlimit: option "--hashlimit-name" must be specified')];
    if (name === "") {
      return [badValue("Argument must have a minimum length of 1 characters")];
    }
    const tooSmall = tooSmallBurst(limit);
    if (tooSmall) return [badValue(tooSmall, { option: "hashlimit-burst" })];
    const problems: Problem[] = [];
    if (args["hashlimit-htable-gcinterval"].value === 0) problems.push(kernelRefuses("an interval of 0"));
    if (args["hashlimit-htable-expire"]?.value === 0) problems.push(kernelRefuses("an expiry of 0"));
    for (const option of ["hashlimit-srcmask", "hashlimit-dstmask"] as const) {
      if (args[option].value === "gaps") problems.push(kernelRefuses("a mask with gaps", { option }));
    }
    if (/^\.\.?$|\//.test(name)) problems.push(kernelRefuses("the name cannot be a file's"));
    const overflow = overflowOf(limit);
    if (overflow) problems.push(kernelRefuses(overflow, { iptables: iptablesSays.outOfRange }));
    return problems;
  },
  meaning(args, { family }) {
    const limit = limitOf(args);
    if (!limit) return never;
    const isUpto = args["hashlimit-upto"] !== undefined;
    const name = args["hashlimit-name"]?.value ?? "";
    const { "hashlimit-mode": mode, "hashlimit-srcmask": source, "hashlimit-dstmask": destination } = args;
    return fitsBucket(
      `rate ${isUpto ? "up to" : "above"} ${limitText(limit, family)} of ${name}`,
      `${family} ${name}`,
      {
        expire: lifetimeOf(limit),
        collect: args["hashlimit-htable-gcinterval"].value,
        size: args["hashlimit-htable-size"].value,
        max: args["hashlimit-htable-max"].value,
        kind: kindOf(limit),
        makeBucket: (jiffies) => makeBucket(limit, jiffies),
        keyOf: hashKey(mode?.value ?? [], source.value, destination.value, family),
      },
      isUpto,
    );
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
    {
      rule: "-m hashlimit --hashlimit-above 4/min --hashlimit-rate-match --hashlimit-name window",
      saves:
        "-m hashlimit --hashlimit-above 4/sec --hashlimit-burst 5 --hashlimit-name window --hashlimit-htable-expire 60000 --hashlimit-rate-match --hashlimit-rate-interval 60",
    },
    { rule: "-m hashlimit --hashlimit-upto 5/s", refused: "option-missing" },
    { rule: "-m hashlimit --hashlimit-upto 1/day --hashlimit-name slow", refused: "kernel-refuses" },
    { rule: "-m hashlimit --hashlimit-upto 5/x --hashlimit-name x", refused: "bad-value" },
  ],
});
