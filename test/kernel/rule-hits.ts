import type { Recording } from "../../src/evaluate/recording.ts";

/** How many rules the kernel loaded, and how many of them a packet hit. */
export function ruleHits({ loaded, packets }: Recording): { readonly rules: number; readonly hit: number } {
  const isRule = (line: string) => line.startsWith("[");
  const withoutCounters = (line: string) => line.slice(line.indexOf("]") + 2);
  const hit = new Set<string>();
  for (const { counters } of packets) {
    for (const [table, line] of counters) if (isRule(line)) hit.add(`${table} ${withoutCounters(line)}`);
  }
  return { rules: loaded.filter(isRule).length, hit: hit.size };
}
