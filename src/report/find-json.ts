import { deciderJson } from "./diff-json.ts";
import type { FindResult } from "./find.ts";
import type { PrintRule } from "./rule-view.ts";
import { storyJson } from "./story-json.ts";
import type { JsonObject } from "./trace-json.ts";

/** The object that docs/find.md describes. */
export function findJson(result: FindResult, printRule: PrintRule): JsonObject {
  const { rules, family, answer, regions, isAll, witnesses, counts, assumptions } = result;
  return {
    version: 1,
    rules,
    family,
    answer,
    more: !isAll,
    regions: regions.map((region) => {
      const { path, outcome, by, rewrites, certainty, dependsOn } = region;
      const own = witnesses.filter((one) => one.region === region);
      return {
        path,
        verdict: outcome,
        by: deciderJson(by, printRule),
        rewrites,
        certainty,
        dependsOn,
        witnesses: own.map(({ witness }) => storyJson(witness, printRule)),
      };
    }),
    counts: counts?.map(({ path, flows, certain }) => ({
      path,
      flows: String(flows),
      certain: String(certain),
    })),
    assumptions,
  };
}
