import type { NumberRange } from "../arg-types/integer-range.ts";
import { type Formula, inRanges, invertIf, never } from "../formula/formula.ts";
import type { Field } from "../packet/fields.ts";
import type { Arg } from "./extension.ts";

/** The field lies in the option's range, or outside of it. A range whose bounds are in the wrong order holds nothing. */
export function rangeOf(field: Field, { value, inverted }: Arg<NumberRange>): Formula {
  return invertIf(inverted, value[0] <= value[1] ? inRanges(field, [value]) : never);
}
