import { type ArgType, flag, ok } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { hexPattern, needsHex, stringPattern } from "../../arg-types/string-pattern.ts";
import { invertIf, opaque } from "../../formula/formula.ts";
import { defineMatch, type Problem } from "../extension.ts";
import { foldingBoyerMoore, foldingSearch, plainSearch } from "../text-search.ts";

const offset = integer({ min: 0, max: 65535, placeholder: "offset" });

/** iptables takes any name of up to 15 characters; it is the kernel that knows two. */
const algorithm: ArgType<string> = {
  placeholder: "bm|kmp",
  words: 1,
  parse: ([text = ""]) => ok(text.slice(0, 15)),
  print: (name) => name,
  samples: ["bm", "kmp"],
};

const refuses = (message: string, option: string): Problem => ({
  code: "kernel-refuses",
  message,
  option,
  kernel: true,
});

export const string = defineMatch({
  name: "string",
  summary: "Matches packets in which a text stands",
  options: {
    string: { arg: stringPattern, help: "the text", invertible: true, excludes: ["hex-string"] },
    "hex-string": { arg: hexPattern, help: "the text with `|hex bytes|` in it", invertible: true },
    algo: { arg: algorithm, help: "how it is searched: bm (Boyer-Moore) or kmp" },
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
      const message = "STRING match: You must specify `--string' or `--hex-string'";
      return [{ code: "option-missing", message }];
    }
    if (algo === undefined) {
      const message = 'string: option "--algo" must be specified';
      return [{ code: "option-missing", message, help: "add `--algo bm`" }];
    }
    const problems: Problem[] = [];
    if (from.value > to.value) problems.push(refuses("--from lies behind --to", "from"));
    if (algo.value === "fsm") problems.push(refuses("fsm takes no plain text", "algo"));
    else if (algo.value !== "bm" && algo.value !== "kmp") {
      const unknown = refuses(`there is no search \`${algo.value}\``, "algo");
      problems.push({
        ...unknown,
        help: "write `bm` or `kmp`",
        iptables: "No chain/target/match by that name.",
      });
    }
    if (pattern.value.length === 0) problems.push(refuses("the text is empty", "string"));
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
