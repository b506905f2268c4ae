import type { FibResult } from "./fib.ts";

type Found = Extract<FibResult, { readonly kind: "route" }>;

/** set_class_tag (include/net/ip_fib.h): a half that is 0 takes the other's. Realms as `RouteEntry.realms` has them. */
export const fillRealms = (own: number, other: number): number =>
  ((own & 0xffff ? own & 0xffff : other & 0xffff) | (own >>> 16 ? own & 0xffff0000 : other & 0xffff0000)) >>>
  0;

/** Of a route and the rule that led to it. */
export const realmsOf = ({ entry, ruleRealms }: Found): number => fillRealms(entry.realms ?? 0, ruleRealms);

/** What the way back to a packet's source adds: there the realms change sides (fib_combine_itag). */
export function sourceRealms({ entry, ruleRealms }: Found): number {
  const own = ((entry.realms ?? 0) & 0xffff) * 65536;
  return ((own === 0 ? (ruleRealms & 0xffff) * 65536 : own) | (ruleRealms >>> 16)) >>> 0;
}
