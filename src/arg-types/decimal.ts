/**
 * Reads a number as strtoul(3) with base 10 does: white space and a sign in front are taken. Where there is no digit the
 * value is 0 and nothing is read. A negative number wraps in C and so is too large for every use: Infinity.
 */
export function readDecimal(text: string): { readonly value: number; readonly rest: string } {
  const found = /^[\t-\r ]*([+-]?)([0-9]+)/.exec(text);
  if (!found) return { value: 0, rest: text };
  const [whole, sign, digits] = found;
  const value = Number(digits);
  return { value: sign === "-" && value !== 0 ? Infinity : value, rest: text.slice(whole.length) };
}

/** atoi(3) of the C library: what strtol(3) reads, of which 32 bits are kept. Where there is no digit it is 0. */
export function readInt(text: string): number {
  const digits = /^[\t-\r ]*([+-]?[0-9]+)/.exec(text)?.[1] ?? "0";
  const value = BigInt(digits);
  const [most, least] = [2n ** 63n - 1n, -(2n ** 63n)];
  return Number(BigInt.asIntN(32, value > most ? most : value < least ? least : value));
}
