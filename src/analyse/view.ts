import type { DeviceField, Formula } from "../formula/formula.ts";
import type { Field } from "../packet/fields.ts";
import type { Vector } from "./vector.ts";

/**
 * A packet as it is at some point of its way, told by what it was when it came: fields that were rewritten have new
 * vectors, some are not there. Values, never changed; `key` is equal for equal views.
 */
export class View {
  readonly values: ReadonlyMap<Field, Vector>;
  readonly missing: ReadonlySet<Field | DeviceField>;
  private knownRewriteKey: string | undefined;
  private knownKey: string | undefined;
  /** What formulas are on this view; a formula is known by its object. */
  readonly known = new Map<Formula, number>();

  constructor(values: ReadonlyMap<Field, Vector>, missing: ReadonlySet<Field | DeviceField>) {
    this.values = values;
    this.missing = missing;
  }

  /** Equal where the rewritten fields are equal, whatever hook the packet is at. */
  get rewriteKey(): string {
    this.knownRewriteKey ??= [...this.values]
      .map(([field, vector]) => `${field.name}=${vector.join(",")}`)
      .sort()
      .join(" ");
    return this.knownRewriteKey;
  }

  get key(): string {
    if (this.knownKey === undefined) {
      const absent = [...this.missing]
        .map((field) => (typeof field === "string" ? field : field.name))
        .sort();
      this.knownKey = `${this.rewriteKey}|${absent.join(",")}`;
    }
    return this.knownKey;
  }

  with(field: Field, vector: Vector): View {
    return new View(new Map(this.values).set(field, vector), this.missing);
  }

  without(field: Field): View {
    const values = new Map(this.values);
    values.delete(field);
    return new View(values, this.missing);
  }

  lacking(missing: ReadonlySet<Field | DeviceField>): View {
    return new View(this.values, missing);
  }
}

/** The packet as it came in. */
export const entering = (): View => new View(new Map(), new Set());
