import { bareString } from "../../arg-types/bare-string.ts";
import { type EstimatorTime, estimatorTime } from "../../arg-types/estimator-time.ts";
import { defineTarget, type Problem } from "../extension.ts";
import { plain } from "../plain-arg.ts";
import { badValue, missing } from "../problem.ts";

/** The estimator's intervals go from a quarter of a second to 4 seconds and one beyond, by doubling. */
const shortest = 250_000;
const steps = 5;

interface Estimator {
  readonly interval: number;
  /** The averaging constant as a power of 2 of intervals. */
  readonly averaging: number;
}

/** RATEEST_final_check (libxt_RATEEST.c): the next larger interval, the largest power whose decay is within the constant. */
function estimatorOf(interval: number, constant: number): Estimator | string {
  let step = 0;
  while (step <= steps && interval > shortest * 2 ** step) step++;
  if (step > steps) return "RATEEST: interval value is too large";
  let averaging = 0;
  // a shift by 31 overflows, so that no constant is too long for it
  while (averaging < 31 && interval / -Math.log(1 - 2 ** -(averaging + 1)) <= constant) averaging++;
  if (averaging === 0 || averaging >= 30) return "RATEEST: ewmalog value is out of range";
  return { interval: shortest * 2 ** step, averaging };
}

const none: EstimatorTime = { microseconds: 0 };

export const rateest = defineTarget({
  name: "RATEEST",
  summary: "Counts the packet for an estimate of their rate, which `-m rateest` asks, and goes on",
  options: {
    "rateest-name": { arg: bareString("name", 15, ["web"]), help: "the estimator" },
    "rateest-interval": { arg: estimatorTime("interval"), help: "how often it measures", fallback: none },
    "rateest-ewmalog": { arg: estimatorTime("ewmalog"), help: "over what time it averages", fallback: none },
  },
  normalize(args) {
    const { "rateest-interval": interval, "rateest-ewmalog": constant } = args;
    if (constant.value.power !== undefined) return args;
    const found = estimatorOf(interval.value.microseconds, constant.value.microseconds);
    if (typeof found === "string") return args;
    const settled = { microseconds: found.interval };
    return {
      ...args,
      "rateest-interval": plain(settled),
      "rateest-ewmalog": plain({ ...settled, power: found.averaging }),
    };
  },
  check({
    "rateest-name": name,
    "rateest-interval": interval,
    "rateest-ewmalog": constant,
  }): readonly Problem[] {
    const found = estimatorOf(interval.value.microseconds, constant.value.microseconds);
    if (typeof found === "string" && constant.value.power === undefined) return [badValue(found)];
    if (name) return [];
    return [missing('RATEEST: option "--rateest-name" must be specified')];
  },
  effects: () => [],
  examples: [
    {
      rule: "-j RATEEST --rateest-name web --rateest-interval 250ms --rateest-ewmalog 0.5s",
      saves: "-j RATEEST --rateest-name web --rateest-interval 250.0ms --rateest-ewmalog 500.0ms",
    },
    { rule: "-j RATEEST --rateest-interval 1s --rateest-ewmalog 4s", refused: "option-missing" },
    {
      rule: "-j RATEEST --rateest-name web --rateest-interval 9s --rateest-ewmalog 20s",
      refused: "bad-value",
    },
    {
      rule: "-j RATEEST --rateest-name web --rateest-interval 1h --rateest-ewmalog 4s",
      refused: "bad-value",
    },
  ],
});
