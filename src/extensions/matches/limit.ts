import { integer } from "../../arg-types/integer.ts";
import { rate } from "../../arg-types/rate.ts";
import { stateful } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { jiffiesAt } from "../jiffies.ts";
import { iptablesSays, kernelRefuses } from "../problem.ts";
import { bucketSize, TokenBucket } from "../token-bucket.ts";

export const limit = defineMatch({
  name: "limit",
  summary: "Matches a limited number of packets per time: a token bucket, one for each rule",
  remembers: true,
  options: {
    limit: { arg: rate, help: "packets per time", fallback: 12000000 },
    "limit-burst": {
      arg: integer({ min: 0, max: 10000 }),
      help: "packets that match at once before the rate applies",
      fallback: 5,
      omitFallback: true,
    },
  },
  check({ limit, "limit-burst": burst }) {
    const { cost, cap } = bucketSize(limit.value, burst.value);
    if (burst.value !== 0 && cap >= cost) return [];
    const message = burst.value === 0 ? "a burst of 0" : "rate and burst overflow the kernel's counter";
    const iptables = iptablesSays.outOfRange;
    return [kernelRefuses(message, { option: "limit-burst", iptables })];
  },
  meaning({ limit, "limit-burst": burst }, site) {
    const label = `limit ${rate.print(limit.value, { family: site.family, protocol: undefined })} burst ${burst.value}`;
    return stateful(label, (world) => {
      const bucket = new TokenBucket(limit.value, burst.value, jiffiesAt(world.now));
      return () => bucket.take(jiffiesAt(world.now));
    });
  },
  examples: [
    { rule: "-m limit --limit 3/h -j ACCEPT", saves: "-m limit --limit 3/hour -j ACCEPT" },
    { rule: "-m limit --limit 60/minute --limit-burst 5", saves: "-m limit --limit 1/sec" },
    {
      rule: "-p icmp --icmp-type 8 -m limit --limit 20/minute --limit-burst 10 -j ACCEPT",
      saves: "-p icmp -m icmp --icmp-type 8 -m limit --limit 20/min --limit-burst 10 -j ACCEPT",
    },
    { rule: "-m limit --limit 10001/s", refused: "bad-value" },
    { rule: "-m limit --limit 1/day", refused: "kernel-refuses" },
    { rule: "-m limit ! --limit 3/s", refused: "not-invertible" },
  ],
});
