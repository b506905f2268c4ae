import { counterValue } from "../arg-types/counter-value.ts";
import type { CounterTest } from "../packet/host-sets.ts";
import type { Arg, Problem } from "./extension.ts";
import { conflict } from "./problem.ts";

const counters = ["packets", "bytes"] as const;
type Counter = (typeof counters)[number];
type CounterArgs = Readonly<Record<string, Arg<unknown> | undefined>>;

/** libxt_set's words where a counter is compared twice. */
const onlyOne = (what: Counter) => `only one of the --${what}-[eq|lt|gt] is allowed`;
const comparison = (what: Counter, how: "lt" | "gt", text: string) =>
  ({
    arg: counterValue,
    help: `the entry's ${what} counter is ${text} this`,
    once: onlyOne(what),
    cannotInvert: `--${what}-${how} option cannot be inverted`,
  }) as const;
const equality = (what: Counter) =>
  ({
    arg: counterValue,
    help: `the entry's ${what} counter is this`,
    once: onlyOne(what),
    invertible: true,
  }) as const;

/** The one comparison of a counter that a rule may have. */
export function counterTest(args: CounterArgs, what: Counter): CounterTest | undefined {
  for (const is of ["eq", "lt", "gt"] as const) {
    const arg = args[`${what}-${is}`];
    if (arg && typeof arg.value === "bigint")
      return { is: is === "eq" && arg.inverted ? "ne" : is, value: arg.value };
  }
  return undefined;
}

/** The options that compare a counter. */
const given = (args: CounterArgs, what: Counter): readonly string[] =>
  ["eq", "lt", "gt"].map((is) => `${what}-${is}`).filter((name) => args[name]);

/** The options of `-m set` that compare an entry's counters. */
export const counterOptions = {
  "packets-eq": equality("packets"),
  "packets-lt": comparison("packets", "lt", "below"),
  "packets-gt": comparison("packets", "gt", "above"),
  "bytes-eq": equality("bytes"),
  "bytes-lt": comparison("bytes", "lt", "below"),
  "bytes-gt": comparison("bytes", "gt", "above"),
} as const;

/** Each counter is compared once at most. */
export const comparedTwice = (args: CounterArgs): Problem | undefined =>
  counters
    .filter((what) => given(args, what).length > 1)
    .map((what) => conflict(onlyOne(what), { option: given(args, what)[1] ?? "" }))[0];
