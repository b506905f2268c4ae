import { always, and, equals, type Formula, inRanges, invertIf } from "../formula/formula.ts";
import { fields } from "../packet/fields.ts";
import type { Arg } from "./extension.ts";

/** The TTL or hop limit is, is below or is above a number: what `ttl` and `hl` ask. */
export function hopLimit(
  equal: Arg<number> | undefined,
  below: Arg<number> | undefined,
  above: Arg<number> | undefined,
): Formula {
  return and(
    equal ? invertIf(equal.inverted, equals(fields.ttl, equal.value)) : always,
    below ? inRanges(fields.ttl, below.value > 0 ? [[0, below.value - 1]] : []) : always,
    above ? inRanges(fields.ttl, above.value < 255 ? [[above.value + 1, 255]] : []) : always,
  );
}
