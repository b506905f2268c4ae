import { type ArgSite, type ArgType, bad, ok } from "./arg-type.ts";
import { badValueMessage } from "./option-message.ts";

export interface ChoiceOptions<V extends string> {
  /** Further spellings, accepted and never printed. */
  readonly aliases?: Readonly<Record<string, V>>;
  /** True where upper and lower case are told apart. */
  readonly exactCase?: true;
  readonly placeholder?: string;
  readonly message?: (text: string, site: ArgSite) => string;
}

/** One of a few words. */
export function choice<const V extends string>(
  values: readonly V[],
  { aliases = {}, exactCase, placeholder = values.join("|"), message }: ChoiceOptions<V> = {},
): ArgType<V> {
  const fold = (text: string): string => (exactCase ? text : text.toLowerCase());
  const known = new Map<string, V>([
    ...values.map((value): [string, V] => [fold(value), value]),
    ...Object.entries(aliases).map(([alias, value]): [string, V] => [fold(alias), value]),
  ]);
  return {
    placeholder,
    words: 1,
    parse([text = ""], site) {
      const value = known.get(fold(text));
      if (value !== undefined) return ok(value);
      return bad(
        message?.(text, site) ?? badValueMessage(site, text),
        `one of ${values.map((name) => `\`${name}\``).join(", ")}`,
      );
    },
    print: (value) => value,
    samples: values,
  };
}
