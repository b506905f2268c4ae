/** What C's strtoull(3) reads at the start of a text, and what it leaves. */
export interface CNumber {
  readonly value: bigint;
  readonly rest: string;
}

const wrap = 1n << 64n;

/**
 * Reads a number as strtoull(3) with base 0 does, on which libxtables' xtables_strtoul rests: leading white space and a
 * sign are taken, `0x` is hexadecimal, a leading `0` octal, and a negative number wraps. `undefined` where there is no
 * digit or the number is wider than 64 bits.
 */
export function readCNumber(text: string): CNumber | undefined {
  const found = /^[\t-\r ]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))/.exec(text);
  if (!found) return undefined;
  const [whole, sign, hex, octal, decimal] = found;
  const magnitude = hex
    ? BigInt(`0x${hex}`)
    : octal
      ? octal === "0"
        ? 0n
        : BigInt(`0o${octal.slice(1)}`)
      : BigInt(decimal ?? 0);
  if (magnitude >= wrap) return undefined;
  const value = sign === "-" && magnitude > 0n ? wrap - magnitude : magnitude;
  return { value, rest: text.slice(whole.length) };
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
  const read = readCNumber(text);
  if (!read || read.value < BigInt(min) || read.value > BigInt(max)) return undefined;
  return { value: Number(read.value), rest: read.rest };
}
