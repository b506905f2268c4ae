import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { searchAlgorithm } from "../../arg-types/search-algorithm.ts";
import { hexPattern, needsHex, stringPattern } from "../../arg-types/string-pattern.ts";
import { invertIf, opaque } from "../../formula/formula.ts";
import { defineMatch, type Problem } from "../extension.ts";
import { iptablesSays, kernelRefuses, missing } from "../problem.ts";
import { foldingBoyerMoore, foldingSearch, plainSearch } from "../text-search.ts";

const offset = integer({ min: 0, max: 65535, placeholder: "offset" });

export const string = defineMatch({
  name: "string",
  summary: "Matches packets in which a text stands",
  options: {
    string: { arg: stringPattern, help: "the text", invertible: true, excludes: ["hex-string"] },
    "hex-string": { arg: hexPattern, help: "the text with `|hex bytes|` in it", invertible: true },
    algo: { arg: searchAlgorithm, help: "how it is searched: bm (Boyer-Moore) or kmp" },
    from: {
      arg: offset,
      help: "where the search begins, counted from the IP header",
      fallback: 0,
      omitFallback: true,
    },
    to: { arg: offset, help: "where the text must have ended", fallback: 65535, omitFallback: true },
    icase: { arg: flag, help: "take upper and lower case as the same" },
  },
  normalize({ string, "hex-string": hex, ...rest }) {
    const pattern = string ?? hex;
    if (pattern === undefined) return rest;
    return { ...rest, [needsHex(pattern.value) ? "hex-string" : "string"]: pattern };
  },
  check({ string, "hex-string": hex, algo, from, to }) {
    const pattern = string ?? hex;
    if (pattern === undefined) {
      return [missing("STRING match: You must specify `--string' or `--hex-string'")];
    }
    if (algo === undefined) {
      return [missing('string: option "--algo" must be specified', { help: "add `--algo bm`" })];
    }
    const problems: Problem[] = [];
    if (from.value > to.value) problems.push(kernelRefuses("--from lies behind --to", { option: "from" }));
    if (algo.value === "fsm") problems.push(kernelRefuses("fsm takes no plain text", { option: "algo" }));
    else if (algo.value !== "bm" && algo.value !== "kmp") {
      const more = { option: "algo", help: "write `bm` or `kmp`", iptables: iptablesSays.notFound };
      problems.push(kernelRefuses(`there is no search \`${algo.value}\``, more));
    }
    if (pattern.value.length === 0) problems.push(kernelRefuses("the text is empty", { option: "string" }));
    return problems;
  },
  // skb_find_text (net/core/skbuff.c): the first place where the text stands counts, and it must end before `to`
  meaning({ string, "hex-string": hex, algo, from, to, icase }) {
    const pattern = string ?? hex;
    const bytes = pattern?.value ?? new Uint8Array();
    const bm = algo?.value === "bm";
    const search = (icase ? (bm ? foldingBoyerMoore : foldingSearch) : plainSearch)(bytes);
    const print = needsHex(bytes) ? hexPattern.print : stringPattern.print;
    const text = print(bytes, { family: "ipv4", protocol: undefined });
    const folded = icase ? ` in any case${bm ? "" : " (kmp)"}` : "";
    const found = opaque(`text ${text}${folded} in bytes ${from.value} to ${to.value}`, ({ packet }) => {
      const at = search(packet.bytes, from.value);
      return at >= 0 && at + bytes.length <= to.value;
    });
    return invertIf(pattern?.inverted ?? false, found);
  },
  examples: [
    {
      rule: '-p tcp --sport 80 -m string --algo bm --from 62 --string "google" -j DROP',
      saves: '-p tcp -m tcp --sport 80 -m string --string "google" --algo bm --from 62 -j DROP',
    },
    { rule: "-m string --algo kmp --hex-string '|61 62|c'", saves: '-m string --string "abc" --algo kmp' },
    {
      rule: "-m string --algo bm --icase ! --hex-string 'GET|20 00|'",
      saves: '-m string ! --hex-string "|4745542000|" --algo bm --icase',
    },
    { rule: "-m string --string x", refused: "option-missing" },
    { rule: "-m string --algo bm", refused: "option-missing" },
    { rule: "-m string --algo fsm --string x", refused: "kernel-refuses" },
    { rule: "-m string --algo bm --string x --from 10 --to 5", refused: "kernel-refuses" },
    { rule: "-m string --algo bm --hex-string '|6|'", refused: "bad-value" },
  ],
});
