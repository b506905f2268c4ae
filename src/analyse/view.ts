import type { DeviceField, Formula } from "../formula/formula.ts";
import type { Field } from "../packet/fields.ts";
import { constantOf, type Vector } from "./vector.ts";

/** What a field has become. */
export interface Value {
  /** Equal for equal bits of one field. */
  readonly key: string;
  /** Made when they are first asked for: those of many packets that were rewritten differently are large sets. */
  readonly bits: Vector;
  /** No rule changed it: the packet is looked at as if it were its connection's first one, which it is or resembles. */
  readonly lookedAt?: LookedAt | undefined;
}

export interface LookedAt {
  readonly as: "first" | "like the first";
  /** What the field is to everybody else. */
  readonly before: Value | undefined;
}

class KnownValue implements Value {
  readonly bits: Vector;
  readonly lookedAt: LookedAt | undefined;
  private knownKey: string | undefined;

  constructor(bits: Vector, lookedAt?: LookedAt) {
    this.bits = bits;
    this.lookedAt = lookedAt;
  }

  get key(): string {
    this.knownKey ??= constantOf(this.bits)?.toString(16) ?? `[${this.bits.join(",")}]`;
    return this.knownKey;
  }
}

/**
 * A packet as it is at some point of its way, told by what it was when it came: fields that were rewritten have new
 * vectors, some are not there. Values, never changed; `key` is equal for equal views.
 */
export class View {
  readonly values: ReadonlyMap<Field, Value>;
  readonly missing: ReadonlySet<Field | DeviceField>;
  private knownValuesKey: string | undefined;
  private knownRewriteKey: string | undefined;
  private knownKey: string | undefined;
  private knownSets: Map<Formula, number> | undefined;

  constructor(values: ReadonlyMap<Field, Value>, missing: ReadonlySet<Field | DeviceField>) {
    this.values = values;
    this.missing = missing;
  }

  /** What formulas are on this view; a formula is known by its object. */
  get known(): Map<Formula, number> {
    this.knownSets ??= new Map();
    return this.knownSets;
  }

  /** Equal where the rewritten fields are equal, whatever hook the packet is at. */
  get rewriteKey(): string {
    // most views look at nothing: of their many and long keys one is enough
    if (!this.looks) return this.valuesKey;
    this.knownRewriteKey ??= keyOf([...this.values].filter(([, { lookedAt }]) => !lookedAt));
    return this.knownRewriteKey;
  }

  private get looks(): boolean {
    for (const { lookedAt } of this.values.values()) if (lookedAt) return true;
    return false;
  }

  private get valuesKey(): string {
    this.knownValuesKey ??= keyOf(this.values);
    return this.knownValuesKey;
  }

  /** The same for what another packet of the connection may answer differently. */
  get packetKey(): string {
    const isOther = [...this.values.values()].some(({ lookedAt }) => lookedAt?.as === "like the first");
    return isOther ? `${this.rewriteKey} of the first` : this.rewriteKey;
  }

  get key(): string {
    if (this.knownKey === undefined) {
      const absent = [...this.missing]
        .map((field) => (typeof field === "string" ? field : field.name))
        .sort();
      const values = this.looks ? `${this.packetKey}|${this.valuesKey}` : this.valuesKey;
      this.knownKey = absent.length === 0 ? values : `${values}|${absent.join(",")}`;
    }
    return this.knownKey;
  }

  /** What the field was rewritten to, where it was. */
  rewritten(field: Field): Vector | undefined {
    return this.values.get(field)?.bits;
  }

  with(field: Field, vector: Vector): View {
    return new View(new Map(this.values).set(field, new KnownValue(vector)), this.missing);
  }

  lookingAt(field: Field, vector: Vector, as: LookedAt["as"]): View {
    const value = new KnownValue(vector, { as, before: this.values.get(field) });
    return new View(new Map(this.values).set(field, value), this.missing);
  }

  /** With what was looked at differently, and is as it was then, as everybody sees it. */
  asSeen(): View {
    const values = new Map(this.values);
    for (const [field, { lookedAt }] of this.values) {
      if (!lookedAt) continue;
      if (lookedAt.before) values.set(field, lookedAt.before);
      else values.delete(field);
    }
    return new View(values, this.missing);
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

const keyOf = (values: Iterable<readonly [Field, Value]>): string =>
  Array.from(values, ([field, { key }]) => `${field.name}=${key}`)
    .sort()
    .join(" ");

/** The packet as it came in. */
export const entering = (): View => new View(new Map(), new Set());
