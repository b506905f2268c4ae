import { type Address, type Family, parseAddress, parseFourDecimals, prefixMask } from "../packet/address.ts";
import { parseNumber } from "./number.ts";

const join = (parts: readonly number[]): number =>
  parts.reduce((value, part, index) => value + part * 2 ** (24 - 8 * index), 0);

/** xtables_numeric_to_ipaddr: up to four numbers in C's notation; absent ones are 0, so `10.1` is 10.1.0.0. */
function parseDotted(text: string): number | undefined {
  const plain = parseFourDecimals(text);
  if (plain !== undefined) return plain;
  const parts = text.split(".").map((part) => parseNumber(part, 0, 255));
  if (parts.length > 4) return undefined;
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? join(known) : undefined;
}

/** inet_aton(3): the last of up to four numbers fills what is left, so `10.1` is 10.0.0.1. */
function parseClassic(text: string): number | undefined {
  const words = text.split(".");
  if (words.length > 4 || !words.every((word) => /^[0-9]/.test(word))) return undefined;
  const last = parseNumber(words.pop() ?? "", 0, 2 ** (8 * (4 - words.length)) - 1);
  const parts = words.map((word) => parseNumber(word, 0, 255)).filter((part) => part !== undefined);
  return last === undefined || parts.length !== words.length ? undefined : join(parts) + last;
}

function parseIpv6(text: string): bigint | undefined {
  const address = text.includes("%") ? undefined : parseAddress(text);
  return typeof address === "bigint" ? address : undefined;
}

/** An address without host names, as xtables_numeric_to_ipaddr and inet_pton(3) read it. */
export const parseNumericAddress = (text: string, family: Family): Address | undefined =>
  family === "ipv4" ? parseDotted(text) : parseIpv6(text);

/** An address as a resolver reads it that knows no names (getaddrinfo(3)). */
export const parseHost = (text: string, family: Family): Address | undefined =>
  family === "ipv4" ? parseClassic(text) : parseIpv6(text);

/** What stands behind the slash of `-s` and `-d`: a dotted mask of four numbers, an IPv6 mask or a prefix length. */
export function parseMask(text: string, family: Family): Address | undefined {
  if (family === "ipv6") {
    const mask = parseIpv6(text);
    if (mask !== undefined) return mask;
  } else if (text.split(".").length === 4) return parseDotted(text);
  const length = parseNumber(text, 0, family === "ipv4" ? 32 : 128);
  return length === undefined ? undefined : prefixMask(family, length);
}

/** The same for libxtables' XTTYPE_HOSTMASK, which tries a prefix length first and reads a mask as a resolver does. */
export function parseLooseMask(text: string, family: Family): Address | undefined {
  const length = parseNumber(text, 0, family === "ipv4" ? 32 : 128);
  return length === undefined ? parseHost(text, family) : prefixMask(family, length);
}
