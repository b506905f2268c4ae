import { hostMask } from "../../arg-types/address-mask.ts";
import { flag } from "../../arg-types/arg-type.ts";
import { choice } from "../../arg-types/choice.ts";
import { integer } from "../../arg-types/integer.ts";
import { ipsecProtocol } from "../../arg-types/ipsec-protocol.ts";
import { not, unknown } from "../../formula/formula.ts";
import { defineMatch, type Problem } from "../extension.ts";

const max = 2 ** 32 - 1;
const wrong = (message: string, code: Problem["code"] = "option-conflict"): readonly Problem[] => [
  { code, message: `policy match: ${message}` },
];

export const policy = defineMatch({
  name: "policy",
  summary: "The IPsec policy of a packet; IPsec itself is not modelled, so no packet has one",
  // it starts a further element of the policy
  unmodelled: ["next"],
  options: {
    dir: {
      arg: choice(["in", "out"], {
        exactCase: true,
        message: (text) => `policy_match: invalid dir "${text}"`,
      }),
      help: "the policy for decapsulation or the one for encapsulation",
    },
    pol: {
      arg: choice(["none", "ipsec"], {
        exactCase: true,
        message: (text) => `policy match: invalid policy "${text}"`,
      }),
      help: "subject to IPsec or not",
      fallback: "ipsec",
    },
    strict: { arg: flag, help: "the policy must match as a whole" },
    reqid: { arg: integer({ min: 0, max }), help: "its request id", invertible: true },
    spi: {
      arg: integer({ min: 0, max, print: (value) => `0x${value.toString(16)}` }),
      help: "the security parameters index",
      invertible: true,
    },
    proto: { arg: ipsecProtocol, help: "ah, esp or ipcomp", invertible: true },
    mode: {
      arg: choice(["transport", "tunnel"], {
        exactCase: true,
        message: (text) => `policy match: invalid mode "${text}"`,
      }),
      help: "the mode of IPsec",
      invertible: true,
    },
    "tunnel-dst": { arg: hostMask, help: "the tunnel's far end", invertible: true },
    "tunnel-src": { arg: hostMask, help: "the tunnel's near end", invertible: true },
  },
  normalize(args) {
    // a policy of none has no elements (libxt_policy.c)
    return args.pol.value === "none" && args.dir && !args.strict ? { dir: args.dir, pol: args.pol } : args;
  },
  check(args, { hooks }) {
    const { dir, pol, strict, mode } = args;
    const tunnelEnd = args["tunnel-src"] || args["tunnel-dst"];
    if (!dir) return wrong("neither --dir in nor --dir out specified", "option-missing");
    if (pol.value === "none" && strict) return wrong("policy none but --strict given");
    const element = args.reqid || args.spi || args.proto || mode || tunnelEnd;
    if (strict && !element) {
      return wrong(
        "empty policy element 0. --strict is in effect, but at least one of reqid, spi, tunnel-src, tunnel-dst, proto or mode is required.",
        "option-missing",
      );
    }
    if (tunnelEnd && (mode?.value !== "tunnel" || mode.inverted)) {
      return wrong("--tunnel-src/--tunnel-dst is only valid in tunnel mode");
    }
    const strange = dir.value === "in" ? ["POSTROUTING", "OUTPUT"] : ["PREROUTING", "INPUT"];
    if (!hooks.some((hook) => strange.includes(hook))) return [];
    const message = `${dir.value} policy not valid in ${strange.join(" and ")}`;
    return [{ code: "wrong-place", message, option: "dir", kernel: true }];
  },
  meaning({ pol }) {
    const protectedByIpsec = unknown("IPsec is not modelled: no packet has an IPsec policy");
    return pol.value === "none" ? not(protectedByIpsec) : protectedByIpsec;
  },
  examples: [
    { rule: "-m policy --dir in -j ACCEPT", saves: "-m policy --dir in --pol ipsec -j ACCEPT" },
    {
      rule: "-m policy --dir in --pol ipsec --strict --mode tunnel --proto 50 ! --tunnel-src 1.2.3.0/24",
      saves: "-m policy --dir in --pol ipsec --strict --proto esp --mode tunnel ! --tunnel-src 1.2.3.0/24",
    },
    { rule: "-m policy --dir in --pol none --reqid 1", saves: "-m policy --dir in --pol none" },
    { rule: "-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2", saves: "=" },
    { rule: "-m policy --dir in --pol ipsec --proto tcp", refused: "bad-value" },
    { rule: "-m policy --dir in --pol none --strict", refused: "option-conflict" },
    { rule: "-m policy --dir out --pol ipsec", refused: "wrong-place" },
    { rule: "-m policy --pol ipsec", refused: "option-missing" },
  ],
});
