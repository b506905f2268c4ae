/** What strtoul(3) read and what it left. `read` is false where there was no digit. */
export interface Strtoul {
  readonly value: number;
  readonly rest: string;
  readonly read: boolean;
}

/**
 * strtoul(3): leading blanks and a sign are taken, base 0 knows `0x` and a leading 0 for octal.
 * A value beyond 2^53, or a negative one (which C wraps around), comes out as Infinity: too large for every use.
 */
export function strtoul(text: string, base: 0 | 10): Strtoul {
  const [, blanks = "", sign = ""] = /^([ \t\n\v\f\r]*)([+-]?)/.exec(text) ?? [];
  const body = text.slice(blanks.length + sign.length);
  const [digits, radix] = numeral(body, base);
  if (digits === undefined) return { value: 0, rest: text, read: false };
  const start = radix === 16 ? 2 : 0;
  const parsed = Number.parseInt(digits.slice(start), radix);
  const value = parsed > Number.MAX_SAFE_INTEGER || (sign === "-" && parsed !== 0) ? Infinity : parsed;
  return { value, rest: body.slice(digits.length), read: true };
}

/** The digits at the start of a text, a hexadecimal prefix included, and their radix. */
function numeral(text: string, base: 0 | 10): [string | undefined, 8 | 10 | 16] {
  if (base === 0) {
    const hex = /^0[xX][0-9a-fA-F]+/.exec(text)?.[0];
    if (hex !== undefined) return [hex, 16];
    const octal = /^0[0-7]*/.exec(text)?.[0];
    if (octal !== undefined) return [octal, 8];
  }
  return [/^[0-9]+/.exec(text)?.[0], 10];
}

/** A whole word as an unsigned number, base 0 (xtables_strtoui); `undefined` where it is none or out of bounds. */
export function unsignedWord(text: string, low: number, high: number): number | undefined {
  const { value, rest, read } = strtoul(text, 0);
  return read && rest === "" && value >= low && value <= high ? value : undefined;
}
