import { flag } from "../../arg-types/arg-type.ts";
import { setReference } from "../../arg-types/set-reference.ts";
import { never } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { inSet } from "../in-set.ts";
import { missing } from "../problem.ts";
import { comparedTwice, counterOptions, counterTest } from "../set-counters.ts";

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
    ...counterOptions,
  },
  normalize({ "update-counters": counters, "update-subcounters": subcounters, ...rest }) {
    return {
      ...rest,
      ...(counters?.inverted ? { "update-counters": counters } : {}),
      ...(subcounters?.inverted ? { "update-subcounters": subcounters } : {}),
    };
  },
  check(args) {
    const twice = comparedTwice(args);
    if (twice) return [twice];
    if (args["match-set"]) return [];
    return [missing("You must specify `--match-set' with proper arguments")];
  },
  meaning(args, site) {
    const match = args["match-set"];
    if (!match) return never;
    const how = {
      returnNomatch: args["return-nomatch"] !== undefined,
      keepCounters: args["update-counters"]?.inverted === true,
      keepSubcounters: args["update-subcounters"]?.inverted === true,
      packets: counterTest(args, "packets"),
      bytes: counterTest(args, "bytes"),
    };
    return inSet(match.value, match.inverted, how, site);
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
