import { type ArgType, bad, ok } from "./arg-type.ts";

export interface NameSetOptions {
  /** Every name with its bits, in the order in which iptables looks them up and so resolves abbreviations. */
  readonly names: Readonly<Record<string, number>>;
  /** The order of printing where it is another one. */
  readonly printOrder?: readonly string[];
  readonly placeholder: string;
  /** What iptables says of a list whose rest is `text`. */
  readonly message: (text: string) => string;
}

/**
 * Names with commas as a set of bits. iptables takes any abbreviation in any case: the first name that starts so. It
 * complains of the rest of the list from the word at fault on.
 */
export function nameSet({ names, printOrder, placeholder, message }: NameSetOptions): ArgType<number> {
  const entries = Object.entries(names);
  const order = printOrder ?? Object.keys(names);
  const print = (bits: number): string =>
    order
      .filter((name) => {
        const own = names[name] ?? 0;
        return own === 0 ? bits === 0 : (bits & own) !== 0;
      })
      .join(",");
  return {
    placeholder,
    words: 1,
    parse([text = ""]) {
      let bits = 0;
      const words = text.split(",");
      for (const [index, word] of words.entries()) {
        const found = entries.find(([name]) => name.startsWith(word.toUpperCase()));
        if (word === "" || !found) {
          return bad(message(words.slice(index).join(",")), `known are ${Object.keys(names).join(", ")}`);
        }
        bits |= found[1];
      }
      return ok(bits);
    },
    print,
    samples: [...entries.map(([, bits]) => bits), entries.reduce((all, [, bits]) => all | bits, 0)],
  };
}
