import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

export interface IntegerOptions {
  readonly min: number;
  readonly max: number;
  readonly placeholder?: string;
  /** How the number is printed; decimal unless told. */
  readonly print?: (value: number) => string;
  /** What iptables says of another text, where it has words of its own. */
  readonly message?: (text: string) => string;
}

/** One number in C's notation, as libxtables' XTTYPE_UINT8 to XTTYPE_UINT64 read it. */
export const integer = ({
  min,
  max,
  placeholder = "number",
  print = String,
  message,
}: IntegerOptions): ArgType<number> => ({
  placeholder,
  words: 1,
  parse([text = ""], site) {
    const value = parseNumber(text, min, max);
    if (value !== undefined) return ok(value);
    if (message) return bad(message(text));
    return bad(`${ownerOf(site)}bad value for option ${optionOf(site)}, or out of range (${min}-${max}).`);
  },
  print,
  samples: [min, Math.min(min + 1, max), max],
});
