import type { Arg } from "./extension.ts";
import { plain } from "./plain-arg.ts";

/** The options of `-m rateest`, by name. */
export type EstimatorOptions = Readonly<Record<string, Arg<unknown> | undefined>>;

const spellings = [
  ["rateest", "rateest1", "rateest1"],
  ["rateest-bps", "rateest-bps2", "rateest-bps2"],
  ["rateest-pps", "rateest-pps2", "rateest-pps2"],
] as const;

/** What libxt_rateest calls an option of which both spellings were given. */
export const givenTwice = (args: EstimatorOptions): string | undefined =>
  spellings.find(([one, other]) => args[one] && args[other])?.[2];

const kinds = ["bps", "pps"] as const;
const ofKind = (args: EstimatorOptions, kind: (typeof kinds)[number]) =>
  ["", "1", "2"].map((end) => args[`rateest-${kind}${end}`]).filter((arg) => arg !== undefined);

export const comparesRates = (args: EstimatorOptions): boolean =>
  kinds.some((kind) => ofKind(args, kind).length > 0);

const comparisons = ["rateest-lt", "rateest-gt", "rateest-eq"];

/**
 * As iptables-save prints it: an estimator that stands alone is `--rateest`, the last comparison counts, and each kind of rate
 * has the values that its way of comparing wants, 0 where none was given. Where it prints the comparison a second time, for
 * the second kind of rate, it cannot be read again; it stands once here.
 */
export function orderRates<A extends EstimatorOptions>(args: A): A {
  if (givenTwice(args)) return args;
  const isDelta = args["rateest-delta"] !== undefined;
  const second = args["rateest2"];
  const ordered: Record<string, Arg<unknown> | undefined> = {};
  const first = args["rateest"] ?? args["rateest1"];
  if (first) ordered[second ? "rateest1" : "rateest"] = first;
  const last = Object.keys(args).findLast((name) => comparisons.includes(name));
  if (last) ordered[last] = args[last];
  for (const kind of kinds) {
    if (ofKind(args, kind).length === 0) continue;
    const given = (arg: Arg<unknown> | undefined) => plain(typeof arg?.value === "number" ? arg.value : 0);
    const compared = args[`rateest-${kind}`] ?? args[`rateest-${kind}2`];
    if (isDelta) {
      ordered[`rateest-${kind}1`] = given(args[`rateest-${kind}1`]);
      ordered[`rateest-${kind}2`] = given(compared);
    } else ordered[`rateest-${kind}`] = second ? plain("none") : given(compared);
  }
  const kept = Object.entries(args).filter(([name]) => name === "rateest-delta" || name === "rateest2");
  return Object.fromEntries([...kept, ...Object.entries(ordered)]) as A;
}
