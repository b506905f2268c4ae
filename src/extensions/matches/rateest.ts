import { flag } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { byteRate, packetRate } from "../../arg-types/byte-rate.ts";
import { defineMatch, type Problem } from "../extension.ts";
import { optionText } from "../option-text.ts";
import { comparesRates, type EstimatorOptions, givenTwice, orderRates } from "../rate-options.ts";
import { told } from "../told.ts";

const name = (help: string) =>
  ({
    arg: bareString("name", 15, ["wan", "lan"]),
    help,
    cannotInvert: "rateest: rateest can't be inverted",
  }) as const;
const bytes = (help: string, option: string) =>
  ({
    arg: byteRate,
    help,
    cannotInvert: "rateest: rateest-bps can't be inverted",
    once: `rateest: can't specify --${option} twice`,
  }) as const;
const packets = (help: string, option: string) =>
  ({
    arg: packetRate,
    help,
    cannotInvert: "rateest: rateest-pps can't be inverted",
    once: `rateest: can't specify --${option} twice`,
  }) as const;
const comparison = (help: string) =>
  ({ arg: flag, help, invertible: true, once: "rateest: can't specify lt/gt/eq twice" }) as const;

const options = {
  "rateest-delta": {
    arg: flag,
    help: "compare what is missing to the rates given",
    cannotInvert: "rateest: rateest-delta can't be inverted",
    once: "rateest: can't specify --rateest-delta twice",
  },
  rateest: { ...name("the estimator"), once: "rateest: can't specify --rateest1 twice" },
  rateest1: { ...name("the first of two estimators"), once: "rateest: can't specify --rateest1 twice" },
  "rateest-bps1": bytes("rate that the first one's is taken from", "rateest-bps1"),
  "rateest-pps1": packets("the same in packets a second", "rateest-pps1"),
  "rateest-lt": comparison("less than the second rate"),
  "rateest-gt": comparison("greater than the second rate"),
  "rateest-eq": comparison("equal to the second rate"),
  "rateest-bps": bytes("rate to compare with; without one, the second estimator's", "rateest-bps2"),
  "rateest-bps2": bytes("rate that the second one's is taken from", "rateest-bps2"),
  "rateest-pps": packets("packets a second to compare with", "rateest-pps2"),
  "rateest-pps2": packets("the same in packets a second", "rateest-pps2"),
  rateest2: { ...name("the second estimator"), once: "rateest: can't specify --rateest2 twice" },
} as const;

const refused = (message: string): readonly Problem[] => [{ code: "kernel-refuses", message, kernel: true }];

export const rateest = defineMatch({
  name: "rateest",
  summary: "Rates that `-j RATEEST` estimates; no rate is known here",
  options,
  normalize: (args) => orderRates(args),
  check(args) {
    const twice = givenTwice(args);
    if (twice) return [{ code: "repeated-option", message: `rateest: can't specify --${twice} twice` }];
    if (!args["rateest-lt"] && !args["rateest-gt"] && !args["rateest-eq"])
      return refused("no comparison is given");
    if (!comparesRates(args)) return refused("no rate is given to compare");
    if (args.rateest?.value || args.rateest1?.value) return [];
    const message = "no estimator is named";
    return [
      { code: "kernel-refuses", message, kernel: true, iptables: "No chain/target/match by that name." },
    ];
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
