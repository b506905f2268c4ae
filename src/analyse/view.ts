import type { DeviceField, Formula } from "../formula/formula.ts";
import type { Field } from "../packet/fields.ts";
import { FieldValues, type LookedAt, type Value } from "./field-values.ts";
import type { Vector } from "./vector.ts";

/**
 * A packet as it is at some point of its way, told by what it was when it came: fields that were rewritten have new
 * vectors, some are not there. Values, never changed; `key` is equal for equal views.
 */
export class View {
  readonly values: ReadonlyMap<Field, Value>;
  readonly missing: ReadonlySet<Field | DeviceField>;
  private readonly interned: FieldValues;
  private knownRewriteKey: string | undefined;
  private knownKey: string | undefined;
  private knownSets: Map<Formula, number> | undefined;

  constructor(
    values: ReadonlyMap<Field, Value>,
    missing: ReadonlySet<Field | DeviceField>,
    interned: FieldValues,
  ) {
    this.values = values;
    this.missing = missing;
    this.interned = interned;
  }

  /** Whether fields are another thing in each of many states (join-views.ts). */
  get isJoined(): boolean {
    for (const { isJoined } of this.values.values()) if (isJoined) return true;
    return false;
  }

  /** What formulas are on this view; a formula is known by its object. */
  get known(): Map<Formula, number> {
    this.knownSets ??= new Map();
    return this.knownSets;
  }

  /** Equal where the rewritten fields are equal, whatever hook the packet is at. */
  get rewriteKey(): string {
    this.knownRewriteKey ??= keyOf([...this.values].filter(([, { lookedAt }]) => !lookedAt));
    return this.knownRewriteKey;
  }

  private get looks(): boolean {
    for (const { lookedAt } of this.values.values()) if (lookedAt) return true;
    return false;
  }

  /** The same for what another packet of the connection may answer differently. */
  get packetKey(): string {
    const isOther = [...this.values.values()].some(({ lookedAt }) => lookedAt?.as === "like the first");
    return isOther ? `${this.rewriteKey} of the first` : this.rewriteKey;
  }

  get key(): string {
    this.knownKey ??= this.makeKey();
    return this.knownKey;
  }

  private makeKey(): string {
    const absent = [...this.missing].map((field) => (typeof field === "string" ? field : field.name)).sort();
    const values = this.looks ? `${this.packetKey}|${keyOf(this.values)}` : keyOf(this.values);
    return absent.length === 0 ? values : `${values}|${absent.join(",")}`;
  }

  /** What the field was rewritten to, where it was. */
  rewritten(field: Field): Vector | undefined {
    return this.values.get(field)?.bits;
  }

  with(field: Field, vector: Vector): View {
    return this.having(new Map(this.values).set(field, this.interned.of(vector)));
  }

  /** With these in the place of all that was rewritten. */
  having(values: ReadonlyMap<Field, Value>, missing = this.missing): View {
    return new View(values, missing, this.interned);
  }

  lookingAt(field: Field, vector: Vector, as: LookedAt["as"]): View {
    const value = { ...this.interned.of(vector), lookedAt: { as, before: this.values.get(field) } };
    return this.having(new Map(this.values).set(field, value));
  }

  /** With what was looked at differently, and is as it was then, as everybody sees it. */
  asSeen(): View {
    const values = new Map(this.values);
    for (const [field, { lookedAt }] of this.values) {
      if (!lookedAt) continue;
      if (lookedAt.before) values.set(field, lookedAt.before);
      else values.delete(field);
    }
    return this.having(values);
  }

  without(field: Field): View {
    const values = new Map(this.values);
    values.delete(field);
    return this.having(values);
  }

  lacking(missing: ReadonlySet<Field | DeviceField>): View {
    return this.having(this.values, missing);
  }
}

const keyOf = (values: Iterable<readonly [Field, Value]>): string =>
  Array.from(values, ([field, { key }]) => `${field.name}=${key}`)
    .sort()
    .join(" ");

/** The packet as it came in. */
export const entering = (): View => new View(new Map(), new Set(), new FieldValues());
