import type { Source } from "../diagnostics/diagnostic.ts";

/** Plain data as JSON in which each source text stands once: findings and diagnostics all carry the text that they are about. */
export interface Packed {
  readonly sources: readonly Source[];
  /** JSON; `{"$source": 0}` stands for the first of the sources. */
  readonly value: unknown;
}

export function pack(value: unknown): Packed {
  const sources: Source[] = [];
  const numbers = new Map<string, number>();
  const reference = (source: Source): { readonly $source: number } => {
    const key = `${source.name}\0${source.text}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = sources.length;
      numbers.set(key, number);
      sources.push({ name: source.name, text: source.text });
    }
    return { $source: number };
  };
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== "object" || one === null) return one;
    if (isSource(one)) return reference(one);
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, walk(inner)]));
  };
  return { value: walk(value), sources };
}

/** The value as it was packed; `rename` gives its sources other names. */
export function unpack(
  { sources, value }: Packed,
  rename: (name: string) => string = (name) => name,
): unknown {
  const renamed = sources.map(({ name, text }) => ({ name: rename(name), text }));
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== "object" || one === null) return one;
    const number = "$source" in one ? one.$source : undefined;
    if (typeof number === "number") return renamed[number];
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value);
}

const isSource = (value: object): value is Source =>
  "name" in value &&
  "text" in value &&
  typeof value.name === "string" &&
  typeof value.text === "string" &&
  Object.keys(value).length === 2;
