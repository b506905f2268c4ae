import { hostMask } from "../arg-types/address-mask.ts";
import { choice } from "../arg-types/choice.ts";
import { integer } from "../arg-types/integer.ts";
import { ipsecProtocol } from "../arg-types/ipsec-protocol.ts";
import type { ElementArgs, Problem } from "./extension.ts";
import { conflict, missing } from "./problem.ts";

const max = 2 ** 32 - 1;

/** One of some words as they stand; `start` begins the refusal of others. */
export const exactWord = <const V extends string>(values: readonly V[], start: string) =>
  choice(values, { exactCase: true, message: (text) => `${start} "${text}"` });
const once = (name: string) => ({ once: `policy match: double --${name} option`, invertible: true }) as const;

/** What `-m policy` asks of one transformation of a packet. */
export const elementOptions = {
  reqid: { arg: integer({ min: 0, max }), help: "its request id", ...once("reqid") },
  spi: {
    arg: integer({ min: 0, max, print: (value) => `0x${value.toString(16)}` }),
    help: "the security parameters index",
    ...once("spi"),
  },
  proto: { arg: ipsecProtocol, help: "ah, esp or ipcomp", ...once("proto") },
  mode: {
    arg: exactWord(["transport", "tunnel"], "policy match: invalid mode"),
    help: "the mode of IPsec",
    ...once("mode"),
  },
  "tunnel-dst": { arg: hostMask, help: "the tunnel's far end", ...once("tunnel-dst") },
  "tunnel-src": { arg: hostMask, help: "the tunnel's near end", ...once("tunnel-src") },
} as const;
export const elementNames = Object.keys(elementOptions);

/** What is wrong with one element (policy_check in libxt_policy.c). */
export function elementProblem(element: ElementArgs, index: number, strict: boolean): Problem | undefined {
  const given = elementNames.filter((name) => element[name] !== undefined);
  if (strict && given.length === 0) {
    return missing(
      `policy match: empty policy element ${index}. --strict is in effect, but at least one of reqid, spi, tunnel-src, tunnel-dst, proto or mode is required.`,
    );
  }
  const { mode } = element;
  const tunnelEnd = element["tunnel-src"] || element["tunnel-dst"];
  if (tunnelEnd && (mode?.value !== "tunnel" || mode.inverted)) {
    return conflict("policy match: --tunnel-src/--tunnel-dst is only valid in tunnel mode");
  }
  return undefined;
}
