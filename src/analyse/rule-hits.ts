import type { Trace, TraceEvent } from "../evaluate/trace.ts";
import type { TableName } from "../extensions/extension.ts";

/** A rule's place, or a chain's policy, as `filter/INPUT:7` and `filter/INPUT:policy` name it. */
export interface RulePlaceText {
  readonly table: TableName;
  readonly chain: string;
  readonly number: number | "policy";
}

export const placeText = ({ table, chain, number }: RulePlaceText): string => `${table}/${chain}:${number}`;

/** How often a packet made a rule, or a policy, count; answers that the host sent because of it are counted with it. */
export function ruleHits(trace: Trace, place: RulePlaceText): number {
  return hitsOf(trace).get(placeText(place)) ?? 0;
}

/** All places that counted, by their text. */
export function hitsOf(trace: Trace, hits = new Map<string, number>()): ReadonlyMap<string, number> {
  for (const event of trace.events) {
    if (event.kind === "answer") hitsOf(event.trace, hits);
    const place = placeOf(event);
    if (place !== undefined) hits.set(place, (hits.get(place) ?? 0) + 1);
  }
  return hits;
}

function placeOf(event: TraceEvent): string | undefined {
  if (event.kind === "rule") return placeText(event);
  if (event.kind === "policy") return placeText({ ...event, number: "policy" });
  return undefined;
}
