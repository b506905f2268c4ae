import type { MarkMask } from "../arg-types/mark.ts";
import { always, type Formula, masked, never } from "../formula/formula.ts";
import type { Field } from "../packet/fields.ts";

/** `field & mask == value`; a value with bits outside of the mask is never reached. The packet is known to have the field. */
export function maskedValue(field: Field, { value, mask }: MarkMask): Formula {
  if ((value & ~mask) !== 0) return never;
  return mask === 0 ? always : masked(field, mask, value);
}
