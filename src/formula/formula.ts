import { type Address, type Family, familyOf, maskAddress } from "../packet/address.ts";
import type { Context, World } from "../packet/context.ts";
import { destinationField, type Field, sourceField } from "../packet/fields.ts";

/** Inclusive bounds. */
export type Range = readonly [low: Address, high: Address];
export type DeviceField = "inDevice" | "outDevice";

/**
 * The one expression type: what a match says of a packet, as data. The evaluator compiles it to a predicate, the analyses
 * turn it into a set of packets. `and` and `or` keep their order and stop early, as the kernel does: a stateful
 * leaf is touched only when all that stands before it has let the packet through.
 */
export type Formula =
  | { readonly kind: "always"; readonly value: boolean }
  | { readonly kind: "in"; readonly field: Field; readonly ranges: readonly Range[] }
  | { readonly kind: "masked"; readonly field: Field; readonly mask: Address; readonly value: Address }
  | { readonly kind: "device"; readonly field: DeviceField; readonly name: string; readonly prefix: boolean }
  | { readonly kind: "and"; readonly of: readonly Formula[] }
  | { readonly kind: "or"; readonly of: readonly Formula[] }
  | { readonly kind: "not"; readonly of: Formula }
  /** True where `of` fails; where `of` holds, the packet is dropped on the spot and no rule matches it (hotdrop). */
  | { readonly kind: "hotdrop"; readonly of: Formula; readonly why: string }
  /**
   * A pure function of packet, host and clock that the algebra cannot see; equal keys are the same function. `quiet`: nobody
   * can tell whether it was asked, since it neither assumes nor draws anything. `steady`: all packets that one side of a
   * connection sends have the same answer.
   */
  | {
      readonly kind: "opaque";
      readonly key: string;
      readonly test: (context: Context) => boolean;
      readonly quiet?: true;
      readonly steady?: true;
    }
  /** A function with a memory: `create` is called once for each rule that has it, `label` names it to people. */
  | {
      readonly kind: "stateful";
      readonly label: string;
      readonly create: (world: World) => (context: Context) => boolean;
    }
  /** What we do not model. The evaluator takes it as not matching and says so. */
  | { readonly kind: "unknown"; readonly text: string };

export const always: Formula = { kind: "always", value: true };
export const never: Formula = { kind: "always", value: false };

/** Holds where the field lies in one of the ranges. */
export const inRanges = (field: Field, ranges: readonly Range[]): Formula => ({ kind: "in", field, ranges });
export const equals = (field: Field, value: Address): Formula => inRanges(field, [[value, value]]);
/** Holds where `field & mask` is `value`. */
export const masked = (field: Field, mask: Address, value: Address): Formula => ({
  kind: "masked",
  field,
  mask,
  value,
});
export const not = (of: Formula): Formula => ({ kind: "not", of });
export const invertIf = (inverted: boolean, of: Formula): Formula => (inverted ? not(of) : of);
export const and = (...of: readonly Formula[]): Formula => (of.length === 1 ? of[0]! : { kind: "and", of });
export const or = (...of: readonly Formula[]): Formula => (of.length === 1 ? of[0]! : { kind: "or", of });
/** Drops the packet where `of` holds, else lets it through to what follows in an `and`. */
export const hotdropIf = (of: Formula, why: string): Formula => ({ kind: "hotdrop", of, why });
export const opaque = (key: string, test: (context: Context) => boolean): Formula => ({
  kind: "opaque",
  key,
  test,
});
/** One that reads nothing but the packet. */
export const quietOpaque = (key: string, test: (context: Context) => boolean): Formula => ({
  kind: "opaque",
  key,
  test,
  quiet: true,
});
/** One that hangs on the packet's addresses, its interfaces and the host alone. */
export const steadyOpaque = (key: string, test: (context: Context) => boolean): Formula => ({
  kind: "opaque",
  key,
  test,
  steady: true,
});
export const stateful = (
  label: string,
  create: (world: World) => (context: Context) => boolean,
): Formula => ({
  kind: "stateful",
  label,
  create,
});
export const unknown = (text: string): Formula => ({ kind: "unknown", text });

/** Whether some part of it is stateful. */
export function hasMemory(formula: Formula): boolean {
  switch (formula.kind) {
    case "and":
    case "or":
      return formula.of.some(hasMemory);
    case "not":
    case "hotdrop":
      return hasMemory(formula.of);
    default:
      return formula.kind === "stateful";
  }
}

/** `address/mask` against the packet's source or destination. */
export function inNetwork(end: "source" | "destination", address: Address, mask: Address): Formula {
  const family: Family = familyOf(address);
  const field = end === "source" ? sourceField(family) : destinationField(family);
  return masked(field, mask, maskAddress(address, mask));
}
