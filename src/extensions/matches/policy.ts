import { elements, flag } from "../../arg-types/arg-type.ts";
import { never, not } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { optionText } from "../option-text.ts";
import { elementNames, elementOptions, elementProblem, exactWord } from "../policy-element.ts";
import { conflict, misplaced, missing } from "../problem.ts";
import { told } from "../told.ts";

/** XT_POLICY_MAX_ELEM. */
const mostElements = 4;
const options = {
  dir: {
    arg: exactWord(["in", "out"], "policy_match: invalid dir"),
    help: "the policy for decapsulation or the one for encapsulation",
  },
  pol: {
    arg: exactWord(["none", "ipsec"], "policy match: invalid policy"),
    help: "subject to IPsec or not",
    fallback: "ipsec",
  },
  strict: { arg: flag, help: "the policy must match as a whole" },
  ...elementOptions,
  next: {
    arg: elements,
    help: "start the policy's next element; there may be four",
    repeatable: true,
    requires: ["strict"],
    begins: elementNames,
  },
} as const;

export const policy = defineMatch({
  name: "policy",
  summary: "The IPsec policy of a packet; none has one unless `--pol ipsec` of the packet says so",
  options,
  normalize(args) {
    // a policy of none has no elements (libxt_policy.c)
    const { dir, pol, strict, next } = args;
    return pol.value === "none" && dir && !strict && !next ? { dir, pol } : args;
  },
  check(args, { hooks }) {
    const { dir, pol, next } = args;
    const strict = args.strict !== undefined;
    const further = next?.value ?? [];
    if (further.length >= mostElements) return [conflict("policy match: maximum policy depth reached")];
    if (!dir) return [missing("policy match: neither --dir in nor --dir out specified")];
    if (pol.value === "none" && strict) return [conflict("policy match: policy none but --strict given")];
    if (pol.value === "none" && next) return [conflict("policy match: policy none but policy given")];
    for (const [index, element] of [args, ...further].entries()) {
      const problem = elementProblem(element, index, strict);
      if (problem) return [problem];
    }
    const strange = dir.value === "in" ? ["POSTROUTING", "OUTPUT"] : ["PREROUTING", "INPUT"];
    if (!hooks.some((hook) => strange.includes(hook))) return [];
    return [misplaced(`${dir.value} policy not valid in ${strange.join(" and ")}`, { option: "dir" })];
  },
  meaning(args, { family }) {
    const { dir, pol } = args;
    if (!dir) return never;
    const direction = dir.value === "in" ? "comes" : "will leave";
    const assumption = "whether IPsec protects the packet was not told (`--pol` of the packet): taken as not";
    const isProtected = told(`${direction} by IPsec`, ({ ipsec }) => ipsec, false, assumption);
    if (pol.value === "none") return not(isProtected);
    const asked = elementNames.some((name) => args[name as keyof typeof elementOptions]) || args.strict;
    if (!asked) return isProtected;
    return told(
      optionText("policy", options, args, family),
      ({ ipsec }) => (ipsec === false ? false : undefined),
      false,
      "the IPsec policies and states of the host are not known: the packet is taken to have none",
    );
  },
  examples: [
    { rule: "-m policy --dir in -j ACCEPT", saves: "-m policy --dir in --pol ipsec -j ACCEPT" },
    {
      rule: "-m policy --dir in --pol ipsec --strict --mode tunnel --proto 50 ! --tunnel-src 1.2.3.0/24",
      saves: "-m policy --dir in --pol ipsec --strict --proto esp --mode tunnel ! --tunnel-src 1.2.3.0/24",
    },
    { rule: "-m policy --dir in --pol none --reqid 1", saves: "-m policy --dir in --pol none" },
    { rule: "-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2", saves: "=" },
    { rule: "-m policy --dir in --pol ipsec", packet: "-p tcp --syn --pol ipsec", matches: true },
    { rule: "-m policy --dir in --pol ipsec --reqid 1 --next --reqid 2", refused: "option-missing" },
    { rule: "-m policy --dir in --pol ipsec --proto tcp", refused: "bad-value" },
    { rule: "-m policy --dir in --pol none --strict", refused: "option-conflict" },
    { rule: "-m policy --dir out --pol ipsec", refused: "wrong-place" },
    { rule: "-m policy --pol ipsec", refused: "option-missing" },
  ],
});
