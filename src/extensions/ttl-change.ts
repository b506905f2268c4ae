import { integer } from "../arg-types/integer.ts";
import type { Effect } from "./effect.ts";
import type { Arg } from "./extension.ts";

const step = integer({ min: 1, max: 255 });

/** The options of TTL and HL, which differ in their names only. */
export const ttlSet = { arg: integer({ min: 0, max: 255 }), help: "write this value" } as const;
export const ttlDecrease = { arg: step, help: "lower it by this" } as const;
export const ttlIncrease = { arg: step, help: "raise it by this, to 255 at most" } as const;

/** The effect of the one option that is given. */
export function ttlEffects(
  set: Arg<number> | undefined,
  decrease: Arg<number> | undefined,
  increase: Arg<number> | undefined,
): readonly Effect[] {
  const effect = (operation: "set" | "decrease" | "increase", arg: Arg<number> | undefined): Effect[] =>
    arg ? [{ kind: "ttl", operation, value: arg.value }] : [];
  return [...effect("set", set), ...effect("decrease", decrease), ...effect("increase", increase)];
}
