import type { Answer } from "../../scenario.ts";
import type { Dice } from "../dice.ts";

/** An ICMP error about a packet that really went somewhere: of its receiver or of a router on the way. */
export function someIcmpError(dice: Dice): Answer {
  const { type, code, rest } = dice.of([
    { type: 3, code: 0, rest: 0 },
    { type: 3, code: 1, rest: 0 },
    { type: 3, code: 3, rest: 0 },
    { type: 3, code: 4, rest: 1200 },
    { type: 3, code: 13, rest: 0 },
    { type: 11, code: 0, rest: 0 },
    { type: 4, code: 0, rest: 0 },
    { type: 12, code: 0, rest: 0x14000000 },
    { type: 5, code: 1, rest: 0xc00002fe },
  ]);
  return {
    kind: "icmp-error",
    type,
    code,
    rest,
    quoted: dice.weighed([
      [8, 8],
      [3, 28],
      [1, 4],
    ]),
    ...(dice.maybe(0.3) ? { from: "198.51.100.254" } : {}),
  };
}
