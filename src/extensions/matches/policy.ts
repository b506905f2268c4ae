import { hostMask } from "../../arg-types/address-mask.ts";
import { elements, flag } from "../../arg-types/arg-type.ts";
import { choice } from "../../arg-types/choice.ts";
import { integer } from "../../arg-types/integer.ts";
import { ipsecProtocol } from "../../arg-types/ipsec-protocol.ts";
import { never, not } from "../../formula/formula.ts";
import { defineMatch, type ElementArgs, type Problem } from "../extension.ts";
import { optionText } from "../option-text.ts";
import { told } from "../told.ts";

const max = 2 ** 32 - 1;
/** XT_POLICY_MAX_ELEM. */
const mostElements = 4;
const wrong = (message: string, code: Problem["code"] = "option-conflict"): readonly Problem[] => [
  { code, message: `policy match: ${message}` },
];
const word = <const V extends string>(values: readonly V[], start: string) =>
  choice(values, { exactCase: true, message: (text) => `${start} "${text}"` });
const once = (name: string) => ({ once: `policy match: double --${name} option`, invertible: true }) as const;

const elementOptions = {
  reqid: { arg: integer({ min: 0, max }), help: "its request id", ...once("reqid") },
  spi: {
    arg: integer({ min: 0, max, print: (value) => `0x${value.toString(16)}` }),
    help: "the security parameters index",
    ...once("spi"),
  },
  proto: { arg: ipsecProtocol, help: "ah, esp or ipcomp", ...once("proto") },
  mode: {
    arg: word(["transport", "tunnel"], "policy match: invalid mode"),
    help: "the mode of IPsec",
    ...once("mode"),
  },
  "tunnel-dst": { arg: hostMask, help: "the tunnel's far end", ...once("tunnel-dst") },
  "tunnel-src": { arg: hostMask, help: "the tunnel's near end", ...once("tunnel-src") },
} as const;
const elementNames = Object.keys(elementOptions);

const options = {
  dir: {
    arg: word(["in", "out"], "policy_match: invalid dir"),
    help: "the policy for decapsulation or the one for encapsulation",
  },
  pol: {
    arg: word(["none", "ipsec"], "policy match: invalid policy"),
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

/** What is wrong with one element (policy_check in libxt_policy.c). */
function checkElement(element: ElementArgs, index: number, strict: boolean): readonly Problem[] {
  const given = elementNames.filter((name) => element[name] !== undefined);
  if (strict && given.length === 0) {
    return wrong(
      `empty policy element ${index}. --strict is in effect, but at least one of reqid, spi, tunnel-src, tunnel-dst, proto or mode is required.`,
      "option-missing",
    );
  }
  const { mode } = element;
  const tunnelEnd = element["tunnel-src"] || element["tunnel-dst"];
  if (tunnelEnd && (mode?.value !== "tunnel" || mode.inverted)) {
    return wrong("--tunnel-src/--tunnel-dst is only valid in tunnel mode");
  }
  return [];
}

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
    if (further.length >= mostElements) return wrong("maximum policy depth reached");
    if (!dir) return wrong("neither --dir in nor --dir out specified", "option-missing");
    if (pol.value === "none" && strict) return wrong("policy none but --strict given");
    if (pol.value === "none" && next) return wrong("policy none but policy given");
    for (const [index, element] of [args, ...further].entries()) {
      const problems = checkElement(element, index, strict);
      if (problems.length > 0) return problems;
    }
    const strange = dir.value === "in" ? ["POSTROUTING", "OUTPUT"] : ["PREROUTING", "INPUT"];
    if (!hooks.some((hook) => strange.includes(hook))) return [];
    const message = `${dir.value} policy not valid in ${strange.join(" and ")}`;
    return [{ code: "wrong-place", message, option: "dir", kernel: true }];
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
