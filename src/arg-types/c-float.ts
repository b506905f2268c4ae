/**
 * Reads a whole text as C's strtod(3) does: white space and a sign in front, decimal or hexadecimal digits with a point and
 * an exponent, `inf`, `nan`, `nan(tag)`. `undefined` where there is none or something stands behind it.
 */
export function readCFloat(text: string): number | undefined {
  const found = /^[\t-\r ]*([+-]?)(.*)$/s.exec(text);
  const [, sign = "", unsigned = ""] = found ?? [];
  const value = readUnsigned(unsigned);
  return value !== undefined && sign === "-" ? -value : value;
}

function readUnsigned(text: string): number | undefined {
  if (/^nan(?:\([0-9a-z_]*\))?$/i.test(text)) return Number.NaN;
  if (/^inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i.test(text)) return Number(text);
  const hexadecimal = /^0x(?=\.?[0-9a-f])([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?[0-9]+))?$/i.exec(text);
  if (!hexadecimal) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = hexadecimal;
  return Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
}
