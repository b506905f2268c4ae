import { flag } from "../../arg-types/arg-type.ts";
import { counterValue } from "../../arg-types/counter-value.ts";
import { setReference } from "../../arg-types/set-reference.ts";
import { type Formula, invertIf, opaque, stateful, unknown } from "../../formula/formula.ts";
import { familyOf } from "../../packet/address.ts";
import type { Context } from "../../packet/context.ts";
import { destinationField, sourceField } from "../../packet/fields.ts";
import type { CounterTest, SetTest } from "../../packet/host-sets.ts";
import { type Arg, defineMatch } from "../extension.ts";

type Counter = "packets" | "bytes";
type CounterArgs = Readonly<Record<string, Arg<unknown> | undefined>>;

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
function counterTest(args: CounterArgs, what: Counter): CounterTest | undefined {
  for (const is of ["eq", "lt", "gt"] as const) {
    const arg = args[`${what}-${is}`];
    if (arg && typeof arg.value === "bigint")
      return { is: is === "eq" && arg.inverted ? "ne" : is, value: arg.value };
  }
  return undefined;
}

const given = (args: CounterArgs, what: Counter): readonly string[] =>
  ["eq", "lt", "gt"].map((is) => `${what}-${is}`).filter((name) => args[name]);

export const set = defineMatch({
  name: "set",
  summary: "Looks the packet's addresses, ports and so on up in an ipset",
  remembers: true,
  options: {
    "match-set": {
      arg: setReference,
      aliases: ["set"],
      help: "the set, and which end of the packet each of its dimensions is",
      invertible: true,
      once: "--match-set can be specified only once",
    },
    "return-nomatch": {
      arg: flag,
      help: "match the entries that say `nomatch`, and no others",
      repeatable: true,
      cannotInvert: "--return-nomatch flag cannot be inverted",
    },
    "update-counters": {
      arg: flag,
      help: "count packets in their entry; inverted: do not",
      invertible: true,
      repeatable: true,
    },
    "update-subcounters": {
      arg: flag,
      help: "the same for the sets in a list of sets",
      invertible: true,
      repeatable: true,
    },
    "packets-eq": equality("packets"),
    "packets-lt": comparison("packets", "lt", "below"),
    "packets-gt": comparison("packets", "gt", "above"),
    "bytes-eq": equality("bytes"),
    "bytes-lt": comparison("bytes", "lt", "below"),
    "bytes-gt": comparison("bytes", "gt", "above"),
  },
  normalize({ "update-counters": counters, "update-subcounters": subcounters, ...rest }) {
    return {
      ...rest,
      ...(counters?.inverted ? { "update-counters": counters } : {}),
      ...(subcounters?.inverted ? { "update-subcounters": subcounters } : {}),
    };
  },
  check(args) {
    for (const what of ["packets", "bytes"] as const) {
      const names = given(args, what);
      if (names.length > 1)
        return [{ code: "option-conflict", message: onlyOne(what), option: names[1] ?? "" }];
    }
    if (args["match-set"]) return [];
    const message = "You must specify `--match-set' with proper arguments";
    return [{ code: "option-missing", message }];
  },
  meaning(args, { sets, family }): Formula {
    const match = args["match-set"];
    if (!match) return unknown("a set match without a set");
    const { value: reference, inverted } = match;
    const how: SetTest = {
      returnNomatch: args["return-nomatch"] !== undefined,
      keepCounters: args["update-counters"]?.inverted === true,
      keepSubcounters: args["update-subcounters"]?.inverted === true,
      packets: counterTest(args, "packets"),
      bytes: counterTest(args, "bytes"),
    };
    const changes = sets?.changes(reference.name);
    const key = `in set ${reference.name} by ${reference.directions.join(",")}`;
    if (changes === undefined) {
      return unknown(`what is in the set \`${reference.name}\` is not known; taken as not matching`);
    }
    const plain = !how.returnNomatch && how.packets === undefined && how.bytes === undefined;
    const ranges = plain ? sets?.ranges?.(reference.name) : undefined;
    const [end] = reference.directions;
    if (ranges && end) {
      const field = (end === "src" ? sourceField : destinationField)(family);
      // a set of the other family holds none of these packets
      const own = ranges.filter(([low]) => familyOf(low) === family);
      return invertIf(inverted, { kind: "in", field, ranges: own });
    }
    const test = (context: Context): boolean =>
      context.world.sets?.test(reference, context, how) !== undefined;
    if (changes)
      return invertIf(
        inverted,
        stateful(key, () => test),
      );
    return invertIf(inverted, opaque(how.returnNomatch ? `${key}, exceptions only` : key, test));
  },
  examples: [
    { rule: "-m set --match-set hosts src -j DROP", saves: "=" },
    { rule: "-m set ! --match-set pairs src,dst", saves: "=" },
    {
      rule: "-m set --set nets dst --bytes-gt 0x10 ! --update-counters --return-nomatch",
      saves: "-m set --match-set nets dst --return-nomatch ! --update-counters --bytes-gt 16",
    },
    { rule: "-m set --match-set hosts src --update-counters", saves: "-m set --match-set hosts src" },
    { rule: "-m set --match-set hosts any", refused: "bad-value" },
    { rule: "-m set --return-nomatch", refused: "option-missing" },
    { rule: "-m set --match-set a src --match-set b src", refused: "repeated-option" },
    { rule: "-m set --match-set a src --packets-eq 1 --packets-gt 2", refused: "option-conflict" },
  ],
});
