import type { Rule } from "./ruleset.ts";

/** What makes one list of rules of another: so many rules taken out at a 0-based place, and so many put there. */
export interface RuleSplice {
  readonly index: number;
  readonly removed: number;
  readonly added: number;
}

/** By list: how it was made of another one, which it does not keep alive. */
const origins = new WeakMap<readonly Rule[], { readonly before: WeakRef<readonly Rule[]> } & RuleSplice>();

/** Tells how `after` was made, so that nobody has to compare lists of 160,000 rules. */
export function tellSplice(before: readonly Rule[], after: readonly Rule[], splice: RuleSplice): void {
  origins.set(after, { before: new WeakRef(before), ...splice });
}

/** The list changes in place: what was told of it no longer holds. */
export function forgetSplice(rules: readonly Rule[]): void {
  origins.delete(rules);
}

/** What makes `after` of `before`: as it was told, else all between the rules that both have at the front and at the end. */
export function spliceBetween(before: readonly Rule[], after: readonly Rule[]): RuleSplice {
  const told = origins.get(after);
  if (told?.before.deref() === before) return told;
  const front = sameAtFront(before, after);
  const back = sameAtBack(before, after, front);
  return { index: front, removed: before.length - front - back, added: after.length - front - back };
}

function sameAtFront(before: readonly Rule[], after: readonly Rule[]): number {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  return same;
}

/** Of what stands behind the first `front` rules. */
function sameAtBack(before: readonly Rule[], after: readonly Rule[], front: number): number {
  const most = Math.min(before.length, after.length) - front;
  let one = before.length - 1;
  let other = after.length - 1;
  while (before.length - 1 - one < most && before[one] === after[other]) {
    one--;
    other--;
  }
  return before.length - 1 - one;
}
