/** What C's strtoull(3) reads at the start of a text, and what it leaves. */
export interface CNumber {
  readonly value: bigint;
  readonly rest: string;
}

/**
 * Reads a number as xtables_strtoul does: strtoull(3) with base 0, so white space and a `+` may stand before it, `0x` is
 * hexadecimal and a leading `0` octal; negative numbers are refused. `undefined` where there is no digit or the number
 * is wider than 64 bits.
 */
export function readCNumber(text: string): CNumber | undefined {
  const found = /^[\t-\r ]*\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text);
  const digits = found?.[1];
  if (found === null || digits === undefined) return undefined;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return value < 1n << 64n ? { value, rest: text.slice(found[0].length) } : undefined;
}

/** xtables_strtoui: the whole text as a number of `min` to `max`, else `undefined`. */
export function parseNumber(text: string, min: number, max: number): number | undefined {
  const read = readNumber(text, min, max);
  return read?.rest === "" ? read.value : undefined;
}

/** The number at the start of a text where it lies in `min` to `max`, and what stands behind it. */
export function readNumber(
  text: string,
  min: number,
  max: number,
): { readonly value: number; readonly rest: string } | undefined {
  const plain = plainDigits(text);
  if (plain > 0) {
    const value = Number(text.slice(0, plain));
    return value < min || value > max ? undefined : { value, rest: text.slice(plain) };
  }
  const read = readCNumber(text);
  if (!read || read.value < BigInt(min) || read.value > BigInt(max)) return undefined;
  return { value: Number(read.value), rest: read.rest };
}

/** How many decimal digits a text starts with where they need no care: up to nine, no zero in front; else 0. */
function plainDigits(text: string): number {
  let at = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) break;
  }
  return at > 9 || text.charCodeAt(0) === 48 ? 0 : at;
}
