import { type Hook, hooks } from "../packet/context.ts";

/** A set of hooks as bits, one word of memory. */
export type HookSet = number;

const bitOf: Readonly<Record<Hook, number>> = {
  PREROUTING: 1,
  INPUT: 2,
  FORWARD: 4,
  OUTPUT: 8,
  POSTROUTING: 16,
};

export const hookSet = (some: readonly Hook[]): HookSet => some.reduce((set, hook) => set | bitOf[hook], 0);

export const noHook: HookSet = 0;
export const everyHook: HookSet = hookSet(hooks);
