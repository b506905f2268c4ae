import { type PrintRule, viewRule } from "./rule-view.ts";
import { storyJson } from "./story-json.ts";
import { isoTime } from "./story-lines.ts";
import type { JsonObject } from "./trace-json.ts";
import { isShown, type WitnessResult, whyWords } from "./witnesses.ts";

/** The object that docs/witness.md describes. */
export function witnessJson(result: WitnessResult, printRule: PrintRule): JsonObject {
  const { rules, family, now, found, assumptions } = result;
  return {
    version: 1,
    rules,
    family,
    now: isoTime(now),
    shown: found.filter(isShown).length,
    entries: found.map((one) => ({
      rule: { ...viewRule(one.rule, one.place, printRule) },
      ...(isShown(one)
        ? { witness: storyJson(one.witness, printRule) }
        : {
            none: {
              kind: one.none.kind,
              message: whyWords(one.none),
              dependsOn: one.none.kind === "depends" ? one.none.on : [],
            },
          }),
    })),
    assumptions,
  };
}
