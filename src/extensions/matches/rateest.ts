import { flag } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { byteRate, packetRate } from "../../arg-types/byte-rate.ts";
import { defineMatch } from "../extension.ts";
import { optionText } from "../option-text.ts";
import { iptablesSays, kernelRefuses } from "../problem.ts";
import { comparesRates, type EstimatorOptions, givenTwice, orderRates } from "../rate-options.ts";
import { told } from "../told.ts";

/** libxt_rateest's words: of several options it names one. */
const only = (called: string, option: string) =>
  ({
    cannotInvert: `rateest: ${called} can't be inverted`,
    once: `rateest: can't specify --${option} twice`,
  }) as const;
const name = (help: string, option: string) =>
  ({ arg: bareString("name", 15, ["wan", "lan"]), help, ...only("rateest", option) }) as const;
const bytes = (help: string, option: string) =>
  ({ arg: byteRate, help, ...only("rateest-bps", option) }) as const;
const packets = (help: string, option: string) =>
  ({ arg: packetRate, help, ...only("rateest-pps", option) }) as const;
const comparison = (help: string) =>
  ({ arg: flag, help, invertible: true, once: "rateest: can't specify lt/gt/eq twice" }) as const;

const options = {
  "rateest-delta": {
    arg: flag,
    help: "compare what is missing to the rates given",
    ...only("rateest-delta", "rateest-delta"),
  },
  rateest: name("the estimator", "rateest1"),
  rateest1: name("the first of two estimators", "rateest1"),
  "rateest-bps1": bytes("rate that the first one's is taken from", "rateest-bps1"),
  "rateest-pps1": packets("the same in packets a second", "rateest-pps1"),
  "rateest-lt": comparison("less than the second rate"),
  "rateest-gt": comparison("greater than the second rate"),
  "rateest-eq": comparison("equal to the second rate"),
  "rateest-bps": bytes("rate to compare with; without one, the second estimator's", "rateest-bps2"),
  "rateest-bps2": bytes("rate that the second one's is taken from", "rateest-bps2"),
  "rateest-pps": packets("packets a second to compare with", "rateest-pps2"),
  "rateest-pps2": packets("the same in packets a second", "rateest-pps2"),
  rateest2: name("the second estimator", "rateest2"),
} as const;

export const rateest = defineMatch({
  name: "rateest",
  summary: "Rates that `-j RATEEST` estimates; no rate is known here",
  options,
  normalize: (args) => orderRates(args),
  check(args) {
    const twice = givenTwice(args);
    if (twice) return [{ code: "repeated-option", message: `rateest: can't specify --${twice} twice` }];
    if (!args["rateest-lt"] && !args["rateest-gt"] && !args["rateest-eq"])
      return [kernelRefuses("no comparison is given")];
    if (!comparesRates(args)) return [kernelRefuses("no rate is given to compare")];
    if (args.rateest?.value || args.rateest1?.value) return [];
    return [kernelRefuses("no estimator is named", { iptables: iptablesSays.notFound })];
  },
  meaning: (args, { family }) =>
    told(
      optionText("rateest", options, args as EstimatorOptions, family),
      () => undefined,
      false,
      "rates are not estimated: -m rateest is taken as not matching",
    ),
  examples: [
    {
      rule: "-m rateest --rateest1 wan --rateest-bps 2mbit --rateest-lt -j ACCEPT",
      saves: "-m rateest --rateest wan --rateest-lt --rateest-bps 2000Kbit -j ACCEPT",
    },
    {
      rule: "-m rateest --rateest-delta --rateest1 wan --rateest-bps1 2mbit --rateest-gt --rateest2 lan --rateest-bps2 1kbps",
      saves:
        "-m rateest --rateest-delta --rateest1 wan --rateest-bps1 2000Kbit --rateest-gt --rateest-bps2 8000bit --rateest2 lan",
    },
    {
      rule: "-m rateest --rateest1 wan ! --rateest-gt --rateest-pps --rateest2 lan",
      saves: "-m rateest --rateest1 wan ! --rateest-gt --rateest-pps --rateest2 lan",
    },
    { rule: "-m rateest --rateest wan --rateest-lt --rateest-bps fast", refused: "bad-value" },
    {
      rule: "-m rateest --rateest wan --rateest1 lan --rateest-lt --rateest-bps 8",
      refused: "repeated-option",
    },
    { rule: "-m rateest --rateest wan --rateest-bps 8", refused: "kernel-refuses" },
  ],
});
