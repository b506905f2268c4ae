import { constantOf, type Vector } from "./vector.ts";

/** What a field has become. */
export interface Value {
  /** Equal for equal bits of one field. */
  readonly key: string;
  /** Made when they are first asked for: those of many packets that were rewritten differently are large sets. */
  readonly bits: Vector;
  /** It is another one in each of many states. */
  readonly isJoined?: boolean;
  /** No rule changed it: the packet is looked at as if it were its connection's first one, which it is or resembles. */
  readonly lookedAt?: LookedAt | undefined;
}

export interface LookedAt {
  readonly as: "first" | "like the first";
  /** What the field is to everybody else. */
  readonly before: Value | undefined;
}

/** The values of one space, each of them once: tens of thousands of views have a few in common. */
export class FieldValues {
  private readonly known = new Map<string, Value>();

  of(bits: Vector): Value {
    const text = `${bits.length} ${constantOf(bits)?.toString(16) ?? bits.join(",")}`;
    let value = this.known.get(text);
    if (!value) {
      // a short key: that of each view has those of its values
      value = { key: `${this.known.size}`, bits };
      this.known.set(text, value);
    }
    return value;
  }
}
